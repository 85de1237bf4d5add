import type { Task } from '@portico/schemas';
import { z } from 'zod';
import { version } from '../../version.ts';
import {
  componentSchemas,
  fileRequestBody,
  inferenceProblems,
  inferenceResponse,
  type JsonObject,
  jsonRequestBody,
  jsonResponse,
  otherContents,
  problemResponses,
  reference,
  referenceTo,
} from './contents.ts';
import { tensorPaths } from './tensor-paths.ts';

export interface DocumentOptions {
  /** Names of the models of the model repository. */
  readonly tensors: readonly string[];
  readonly maxBatchItems: number;
  /** `API_KEYS` is set. */
  readonly needsKey: boolean;
}

/** Two ways to send a key, either of which will do. */
const securitySchemes: JsonObject = {
  bearer: { type: 'http', scheme: 'bearer' },
  apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
};

const timeoutHeader: JsonObject = {
  name: 'x-timeout-seconds',
  in: 'header',
  description: 'Maximum time for this request in seconds, at most INFER_TIMEOUT_SECONDS.',
  schema: { type: 'number', exclusiveMinimum: 0 },
};

/** The OpenAPI 3.1 document of this server, from the contract alone. */
export function openApiDocument(
  tasks: readonly Task[],
  { tensors, maxBatchItems, needsKey }: DocumentOptions,
): JsonObject {
  return {
    openapi: '3.1.0',
    info: { title: 'Portico', version, description: 'Machine-learning models over HTTP.' },
    ...(needsKey ? { security: Object.keys(securitySchemes).map((scheme) => ({ [scheme]: [] })) } : {}),
    paths: {
      ...servicePaths(),
      ...Object.assign({}, ...tasks.map((task) => taskPaths(task, maxBatchItems))),
      ...(tensors.length === 0 ? {} : tensorPaths(tensors)),
    },
    components: { schemas: componentSchemas(), ...(needsKey ? { securitySchemes } : {}) },
  };
}

function servicePaths(): JsonObject {
  const get = (operationId: string, summary: string, responses: JsonObject, security = {}): JsonObject => ({
    get: { operationId, summary, tags: ['status'], responses, ...security },
  });
  const open = { security: [] };
  const withKey = problemResponses([401]);
  return {
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
      200: inferenceResponse(output, 'The output.', otherContents(task)),
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

/** The parameters of a raw body are in the query. */
function queryParameters(task: Task): JsonObject[] {
  const { properties = {} } = z.toJSONSchema(task.params, { io: 'input' });
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    description: 'For a raw body; a form has a field for it, a JSON body has `params`.',
    schema,
  }));
}
