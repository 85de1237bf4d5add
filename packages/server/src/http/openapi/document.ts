import type { Task } from '@portico/schemas';
import { z } from 'zod';
import { version } from '../../version.ts';
import { fileRequestBody, jsonRequestBody } from './request-body.ts';
import { inferenceProblems, inferenceResponse, jsonResponse, otherContents, problemResponses } from './responses.ts';
import { tensorPaths } from './tensor-paths.ts';
import { componentSchemas, reference, referenceTo } from './schemas.ts';

type JsonObject = Record<string, unknown>;

const timeoutHeader: JsonObject = {
  name: 'x-timeout-seconds',
  in: 'header',
  description: 'Seconds to wait for an answer, at most INFER_TIMEOUT_SECONDS.',
  schema: { type: 'number', exclusiveMinimum: 0 },
};

/** The parameters of a raw body stand in the query. */
function queryParameters(task: Task): JsonObject[] {
  const { properties = {} } = z.toJSONSchema(task.params, { io: 'input' });
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    description: 'For a raw body; forms have a field for it and JSON bodies `params`.',
    schema,
  }));
}

function taskPaths(task: Task, maxBatchItems: number): JsonObject {
  const output = referenceTo(task.output);
  const tags = [task.name];
  const infer = {
    operationId: task.name,
    summary: task.summary,
    tags,
    parameters: [timeoutHeader, ...(task.accepts.kind === 'json' ? [] : queryParameters(task))],
    requestBody:
      task.accepts.kind === 'json' ? jsonRequestBody(task, task.accepts) : fileRequestBody(task, task.accepts),
    responses: {
      200: inferenceResponse(output, 'The answer.', otherContents(task)),
      ...problemResponses(inferenceProblems),
    },
  };
  if (task.accepts.kind === 'json') return { [`/${task.name}`]: { post: infer } };
  const item = {
    oneOf: [
      { type: 'object', properties: { ok: { const: true }, value: output }, required: ['ok', 'value'] },
      { type: 'object', properties: { ok: { const: false }, error: reference('Problem') }, required: ['ok', 'error'] },
    ],
  };
  const batch = {
    operationId: `${task.name}Batch`,
    summary: `${task.summary} Several files at once, at most ${maxBatchItems}.`,
    tags,
    parameters: [timeoutHeader, ...queryParameters(task)],
    requestBody: fileRequestBody(task, task.accepts, maxBatchItems),
    responses: {
      200: inferenceResponse(
        { type: 'object', properties: { results: { type: 'array', items: item } }, required: ['results'] },
        'A result or a problem for each file, in order.',
      ),
      ...problemResponses(inferenceProblems),
    },
  };
  return { [`/${task.name}`]: { post: infer }, [`/${task.name}/batch`]: { post: batch } };
}

export interface DocumentOptions {
  /** Names of the models of the model repository. */
  readonly tensors: readonly string[];
  readonly maxBatchItems: number;
  /** `API_KEYS` is set. */
  readonly wantsKey: boolean;
}

/** Two ways to send a key, either of which will do. */
const securitySchemes: JsonObject = {
  bearer: { type: 'http', scheme: 'bearer' },
  apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
};

/** The OpenAPI 3.1 document of this server, from the contract alone. */
export function openApiDocument(
  tasks: readonly Task[],
  { tensors, maxBatchItems, wantsKey }: DocumentOptions,
): JsonObject {
  const get = (operationId: string, summary: string, responses: JsonObject): JsonObject => ({
    get: { operationId, summary, tags: ['status'], responses },
  });
  const open = (path: JsonObject): JsonObject => ({ get: { ...(path['get'] as JsonObject), security: [] } });
  const keyed = problemResponses([401]);
  return {
    openapi: '3.1.0',
    info: { title: 'Portico', version, description: 'Machine-learning models over HTTP.' },
    ...(wantsKey ? { security: Object.keys(securitySchemes).map((scheme) => ({ [scheme]: [] })) } : {}),
    paths: {
      '/health': open(get('health', 'The process answers.', { 200: jsonResponse(reference('Health'), 'Always.') })),
      '/ready': open(
        get('ready', 'Every configured model can be asked.', {
          200: jsonResponse(reference('Ready'), 'Ready.'),
          503: jsonResponse(reference('NotReady'), 'Not ready, and why.'),
        }),
      ),
      '/gpu': get('gpu', 'The GPUs as NVML reports them.', {
        200: jsonResponse(reference('GpuStatus'), 'The GPUs, or why there are none.'),
        ...keyed,
      }),
      '/models': get('models', 'The served models.', {
        200: jsonResponse(reference('ModelList'), 'The models.'),
        ...keyed,
      }),
      '/metrics': get('metrics', 'Measurements for Prometheus.', {
        200: { description: 'The measurements.', content: { 'text/plain': { schema: { type: 'string' } } } },
        ...keyed,
      }),
      ...Object.assign({}, ...tasks.map((task) => taskPaths(task, maxBatchItems))),
      ...(tensors.length === 0 ? {} : tensorPaths(tensors)),
    },
    components: { schemas: componentSchemas(), ...(wantsKey ? { securitySchemes } : {}) },
  };
}
