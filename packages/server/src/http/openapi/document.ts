import { version } from '../../version.ts';
import { homePath } from '../rest/home-page.ts';
import { componentSchemas, type JsonObject, jsonResponse, problemResponses, reference } from './contents.ts';

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
  return {
    openapi: '3.1.0',
    info: { title: 'Portico', version, description: 'Machine-learning models over HTTP.' },
    ...(needsKey ? { security: Object.keys(securitySchemes).map((scheme) => ({ [scheme]: [] })) } : {}),
    paths: merged(servicePaths(), protocolPaths),
    components: { schemas: componentSchemas(), ...(needsKey ? { securitySchemes } : {}) },
  };
}

/** A path may have a method of the server's own and another of a protocol. */
function merged(paths: JsonObject, more: JsonObject): JsonObject {
  const shared = Object.keys(more).filter((path) => Object.hasOwn(paths, path));
  const both = shared.map((path) => [path, { ...(paths[path] as JsonObject), ...(more[path] as JsonObject) }]);
  return { ...paths, ...more, ...Object.fromEntries(both) };
}

function servicePaths(): JsonObject {
  const get = (operationId: string, summary: string, responses: JsonObject, security = {}): JsonObject => ({
    get: { operationId, summary, tags: ['status'], responses, ...security },
  });
  const open = { security: [] };
  const withKey = problemResponses([401]);
  return {
    '/': homePath,
    '/health': get('health', 'The process is alive.', { 200: jsonResponse(reference('Health'), 'Always.') }, open),
    '/ready': get(
      'ready',
      'Every configured model is ready.',
      {
        200: jsonResponse(reference('Ready'), 'Ready.'),
        503: jsonResponse(reference('NotReady'), 'Not ready, and why.'),
      },
      open,
    ),
    '/gpu': get('gpu', 'The GPUs as NVML reports them.', {
      200: jsonResponse(reference('GpuStatus'), 'The GPUs, or why there are none.'),
      ...withKey,
    }),
    '/models': get('models', 'The served models.', {
      200: jsonResponse(reference('ModelList'), 'The models.'),
      ...withKey,
    }),
    '/metrics': get('metrics', 'Metrics for Prometheus.', {
      200: { description: 'The metrics.', content: { 'text/plain': { schema: { type: 'string' } } } },
      ...withKey,
    }),
  };
}
