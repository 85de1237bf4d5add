import { jsonResponse, problemResponses } from './responses.ts';
import { reference } from './schemas.ts';

type JsonObject = Record<string, unknown>;

const text = { type: 'string' };
const error = { type: 'object', properties: { error: text }, required: ['error'] };
const tensor = {
  type: 'object',
  properties: {
    name: text,
    datatype: reference('Datatype'),
    shape: { type: 'array', items: { type: 'integer' } },
    parameters: { type: 'object' },
    data: { type: 'array', description: 'The values in row-major order, nested or flat; left out for binary data.' },
  },
  required: ['name', 'shape', 'datatype'],
};
const question = {
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
const answer = {
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

/** The Open Inference Protocol's refusals: the statuses of the error table in its own words. */
const refusals = (...statuses: readonly number[]): JsonObject =>
  Object.fromEntries(
    Object.entries(problemResponses(statuses)).map(([status, response]) => [
      status,
      { ...withCode(response as JsonObject), content: { 'application/json': { schema: error } } },
    ]),
  );

const withCode = (response: JsonObject): JsonObject => ({
  ...response,
  headers: {
    ...(response['headers'] as JsonObject),
    'x-error-code': { description: 'The kind of problem for programs.', schema: reference('ErrorCode') },
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
      { 200: jsonResponse(metadata, 'The metadata.'), ...refusals(401, 404, 503) },
      parameters,
    ),
    [`${path}/ready`]: get(
      `tensorReady${suffix}`,
      'The model can be asked.',
      { 200: jsonResponse(readiness, 'Ready.'), 503: jsonResponse(readiness, 'Not ready.'), ...refusals(404) },
      parameters,
    ),
    [`${path}/infer`]: {
      post: {
        operationId: `tensorInfer${suffix}`,
        summary: 'Ask a model, tensors in and tensors out.',
        tags,
        parameters,
        requestBody: {
          required: true,
          content: {
            'application/json': { schema: question },
            'application/octet-stream': { schema: { ...text, format: 'binary' } },
          },
        },
        responses: {
          200: jsonResponse(answer, 'The outputs; with binary data behind the JSON where it was asked for.'),
          ...refusals(400, 401, 404, 408, 413, 415, 429, 431, 500, 503, 504),
        },
      },
    },
  });
  return {
    '/v2': get('tensorServer', 'The server in the Open Inference Protocol.', {
      200: jsonResponse({ type: 'object' }, 'Name, version and extensions.'),
      ...refusals(401),
    }),
    ...ofModel('/v2/models/{model}', '', [model]),
    ...ofModel('/v2/models/{model}/versions/{version}', 'OfVersion', [model, version]),
  };
}
