import { type JsonObject, jsonResponse, problemResponses, reference } from '../openapi/contents.ts';

const text = { type: 'string' };
const error = { type: 'object', properties: { error: text }, required: ['error'] };
const tensor = {
  type: 'object',
  properties: {
    name: text,
    datatype: reference('Datatype'),
    shape: { type: 'array', items: { type: 'integer' } },
    parameters: { type: 'object' },
    data: { type: 'array', description: 'The values in row-major order, nested or flat; omitted for binary data.' },
  },
  required: ['name', 'shape', 'datatype'],
};
/** The JSON of an inference request. */
export const inferRequest = {
  type: 'object',
  properties: {
    id: text,
    parameters: { type: 'object' },
    inputs: { type: 'array', items: tensor },
    outputs: {
      type: 'array',
      items: { type: 'object', properties: { name: text, parameters: { type: 'object' } }, required: ['name'] },
    },
  },
  required: ['inputs'],
};
/** The JSON of its response. */
export const inferResponse = {
  type: 'object',
  properties: { model_name: text, model_version: text, id: text, outputs: { type: 'array', items: tensor } },
  required: ['model_name', 'outputs'],
};
const metadata = {
  type: 'object',
  properties: {
    name: text,
    versions: { type: 'array', items: text },
    platform: text,
    inputs: { type: 'array', items: reference('TensorMetadata') },
    outputs: { type: 'array', items: reference('TensorMetadata') },
  },
  required: ['name', 'platform', 'inputs', 'outputs'],
};
const readiness = { type: 'object', properties: { name: text, ready: { type: 'boolean' } }, required: ['ready'] };

/** Errors as `{"error": message}`, with the statuses of the error table: those of the Open Inference Protocol, and of others. */
export const plainErrors = (...statuses: readonly number[]): JsonObject =>
  Object.fromEntries(
    Object.entries(problemResponses(statuses)).map(([status, problem]) => [
      status,
      { ...withCode(problem as JsonObject), content: { 'application/json': { schema: error } } },
    ]),
  );

const withCode = (problem: JsonObject): JsonObject => ({
  ...problem,
  headers: {
    ...(problem['headers'] as JsonObject),
    'x-error-code': { description: 'The kind of error, for programs.', schema: reference('ErrorCode') },
  },
});

/** The paths of the Open Inference Protocol, for the names of the models that are served. */
export function tensorPaths(models: readonly string[]): JsonObject {
  const inPath = (name: string, schema: JsonObject): JsonObject => ({ name, in: 'path', required: true, schema });
  const model = inPath('model', { ...text, enum: models });
  const version = inPath('version', text);
  const tags = ['tensors'];
  const get = (
    operationId: string,
    summary: string,
    responses: JsonObject,
    parameters: JsonObject[] = [],
  ): JsonObject => ({
    get: { operationId, summary, tags, parameters, responses },
  });
  const ofModel = (path: string, suffix: string, parameters: JsonObject[]): JsonObject => ({
    [path]: get(
      `tensorMetadata${suffix}`,
      'The inputs and outputs of a model.',
      { 200: jsonResponse(metadata, 'The metadata.'), ...plainErrors(401, 404, 503) },
      parameters,
    ),
    [`${path}/ready`]: get(
      `tensorReady${suffix}`,
      'Whether the model is ready.',
      { 200: jsonResponse(readiness, 'Ready.'), 503: jsonResponse(readiness, 'Not ready.'), ...plainErrors(404) },
      parameters,
    ),
    [`${path}/infer`]: {
      post: {
        operationId: `tensorInfer${suffix}`,
        summary: 'Run a model: tensors in, tensors out.',
        tags,
        parameters,
        requestBody: {
          required: true,
          content: {
            'application/json': { schema: inferRequest },
            'application/octet-stream': { schema: { ...text, format: 'binary' } },
          },
        },
        responses: {
          200: jsonResponse(inferResponse, 'The outputs; binary data follows the JSON if requested.'),
          ...plainErrors(400, 401, 404, 408, 413, 415, 429, 431, 500, 503, 504),
        },
      },
    },
  });
  return {
    '/v2': get('tensorServer', 'The server as the Open Inference Protocol describes it.', {
      200: jsonResponse({ type: 'object' }, 'Name, version and extensions.'),
      ...plainErrors(401),
    }),
    ...ofModel('/v2/models/{model}', '', [model]),
    ...ofModel('/v2/models/{model}/versions/{version}', 'OfVersion', [model, version]),
  };
}
