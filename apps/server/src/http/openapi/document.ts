import { errorTable, type Task } from '@portico/schemas';
import { z } from 'zod';
import { fileRequestBody, jsonRequestBody } from './request-body.ts';
import { componentSchemas, reference, referenceTo } from './schemas.ts';

type JsonObject = Record<string, unknown>;

const json = (schema: JsonObject, description: string): JsonObject => ({
  description,
  content: { 'application/json': { schema } },
});

/** The errors a task's routes can answer, a response for each status. */
function errorResponses(): JsonObject {
  const statuses = [400, 401, 406, 408, 413, 415, 422, 500, 503, 504];
  return Object.fromEntries(
    statuses.map((status) => {
      const codes = Object.entries(errorTable)
        .filter(([, row]) => row.status === status)
        .map(([code, row]) => `${code}: ${row.title}`);
      return [
        status,
        { description: codes.join('. '), content: { 'application/problem+json': { schema: reference('Problem') } } },
      ];
    }),
  );
}

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
  const headers = {
    'server-timing': {
      description: 'Milliseconds in the queue, decoding, inference and postprocessing.',
      schema: { type: 'string' },
    },
  };
  const infer = {
    operationId: task.name,
    summary: task.summary,
    tags,
    parameters: [timeoutHeader, ...(task.accepts.kind === 'json' ? [] : queryParameters(task))],
    requestBody:
      task.accepts.kind === 'json' ? jsonRequestBody(task, task.accepts) : fileRequestBody(task, task.accepts),
    responses: { 200: { ...json(output, 'The answer.'), headers }, ...errorResponses() },
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
    parameters: [timeoutHeader],
    requestBody: fileRequestBody(task, task.accepts, maxBatchItems),
    responses: {
      200: json(
        { type: 'object', properties: { results: { type: 'array', items: item } }, required: ['results'] },
        'A result or a problem for each file, in order.',
      ),
      ...errorResponses(),
    },
  };
  return { [`/${task.name}`]: { post: infer }, [`/${task.name}/batch`]: { post: batch } };
}

/** The OpenAPI 3.1 document of this server, from the contract alone. */
export function openApiDocument(tasks: readonly Task[], maxBatchItems: number): JsonObject {
  const get = (operationId: string, summary: string, responses: JsonObject): JsonObject => ({
    get: { operationId, summary, tags: ['status'], responses },
  });
  return {
    openapi: '3.1.0',
    info: { title: 'Portico', version: '0.1.0', description: 'Machine-learning models over HTTP.' },
    paths: {
      '/health': get('health', 'The process answers.', { 200: json(reference('Health'), 'Always.') }),
      '/ready': get('ready', 'Every configured model can be asked.', {
        200: json(reference('Ready'), 'Ready.'),
        503: json(reference('NotReady'), 'Not ready, and why.'),
      }),
      '/gpu': get('gpu', 'The GPUs as NVML reports them.', {
        200: json(reference('GpuStatus'), 'The GPUs, or why there are none.'),
      }),
      '/models': get('models', 'The served models.', { 200: json(reference('ModelList'), 'The models.') }),
      ...Object.assign({}, ...tasks.map((task) => taskPaths(task, maxBatchItems))),
    },
    components: { schemas: componentSchemas() },
  };
}
