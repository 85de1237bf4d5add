import { homePath } from '../rest/home-page.ts';
import { version } from '../../version.ts';
import type { Protocols } from '../protocols.ts';
import { errorComponents } from './problems.ts';
import { componentSchemas, type JsonObject, reachedComponents } from './schemas.ts';
import { servicePaths } from './service-paths.ts';

/** Two ways to send a key, either of which will do. */
const securitySchemes: JsonObject = {
  bearer: { type: 'http', scheme: 'bearer' },
  apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
};

/** Descriptions of the tags that are no tasks; the tag of a task has the summary of its first operation. */
const tagDescriptions: Readonly<Record<string, string>> = {
  status: 'Health, readiness, models and metrics of the server.',
  tensors: 'ONNX files, served with the Open Inference Protocol.',
  platforms: 'The routes that SageMaker, Vertex AI, Hugging Face and KServe call.',
};

/**
 * The OpenAPI 3.1 document of this server: its own paths and those of the protocols.
 * @param needsKey `API_KEYS` is set.
 */
export function openApiDocument(
  { openApiPaths, openApiSchemas }: Pick<Protocols, 'openApiPaths' | 'openApiSchemas'>,
  needsKey: boolean,
): JsonObject {
  const { '/': ofProtocol, ...protocols } = openApiPaths;
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
    tags: tagsOf(paths),
    paths,
    components: {
      schemas: reachedComponents({ ...componentSchemas(), ...openApiSchemas }, { paths, responses }),
      responses,
      ...(needsKey ? { securitySchemes } : {}),
    },
  };
}

/** One of another protocol may lack anything. */
interface Operation {
  readonly summary?: string;
  readonly tags?: readonly string[];
}

function tagsOf(paths: JsonObject): JsonObject[] {
  const operations = Object.values(paths as Record<string, Record<string, Operation>>).flatMap(
    Object.values<Operation>,
  );
  const first = new Map<string, string | undefined>();
  for (const { tags = [], summary } of operations) for (const tag of tags) if (!first.has(tag)) first.set(tag, summary);
  return [...first].map(([name, summary]) => ({ name, description: tagDescriptions[name] ?? summary ?? name }));
}
