import { homePath } from '../rest/home-page.ts';
import { version } from '../../version.ts';
import { errorComponents } from './problems.ts';
import { componentSchemas, type JsonObject, reachedComponents } from './schemas.ts';
import { servicePaths } from './service-paths.ts';

/** Two ways to send a key, either of which will do. */
const securitySchemes: JsonObject = {
  bearer: { type: 'http', scheme: 'bearer' },
  apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
};

/**
 * The OpenAPI 3.1 document of this server: its own paths and those of the protocols.
 * @param needsKey `API_KEYS` is set.
 */
export function openApiDocument(protocolPaths: JsonObject, needsKey: boolean): JsonObject {
  const { '/': ofProtocol, ...protocols } = protocolPaths;
  const paths = { '/': { ...homePath, ...(ofProtocol as JsonObject | undefined) }, ...servicePaths(), ...protocols };
  const responses = reachedComponents(errorComponents(), paths, '#/components/responses/');
  return {
    openapi: '3.1.0',
    info: {
      title: 'Portico',
      version,
      description: 'Machine-learning models over HTTP.',
      license: { name: 'Apache License 2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: needsKey ? Object.keys(securitySchemes).map((scheme) => ({ [scheme]: [] })) : [],
    paths,
    components: {
      schemas: reachedComponents(componentSchemas(), { paths, responses }),
      responses,
      ...(needsKey ? { securitySchemes } : {}),
    },
  };
}
