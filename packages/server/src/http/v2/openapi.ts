import { Datatype, TensorMetadata } from '@portico/schemas';
import { z } from 'zod';
import { version } from '../../version.ts';
import { binary, jsonResponse, timingHeader } from '../openapi/contents.ts';
import { anyRoute, requestIdHeader, tensorErrorResponses } from '../openapi/problems.ts';
import { type JsonObject, referenceTo } from '../openapi/schemas.ts';
import { orProblem, probe } from '../openapi/service-paths.ts';
import { timeoutHeader } from '../rest/openapi.ts';
import { platform, TensorModelConfig } from './model-config.ts';
import { TensorStatistics } from './model-statistics.ts';

/** Triton's names of the extensions. */
export const extensions = ['binary_tensor_data', 'model_configuration', 'model_repository', 'statistics'];

const parameters = z.record(z.string(), z.unknown()).optional().describe("Triton's extensions.");
const shape = z.array(z.int());
const data = 'The values in row-major order, flat; omitted for binary data.';

/** What clients send may hold more than is read. */
export const InferRequest = z
  .looseObject({
    id: z.string().optional(),
    parameters,
    inputs: z.array(
      z.looseObject({
        name: z.string(),
        datatype: Datatype,
        shape,
        parameters,
        data: z.array(z.unknown()).optional().describe(data.replace('flat', 'flat or nested')),
      }),
    ),
    outputs: z.array(z.looseObject({ name: z.string(), parameters })).optional(),
  })
  .meta({ id: 'InferRequest' });
export const InferResponse = z
  .object({
    model_name: z.string(),
    model_version: z.string(),
    id: z.string().optional(),
    outputs: z.array(
      z.object({
        name: z.string(),
        datatype: Datatype,
        shape,
        parameters,
        data: z
          .array(z.union([z.number(), z.string(), z.boolean(), z.null()]))
          .optional()
          .describe(data),
      }),
    ),
  })
  .meta({ id: 'InferResponse' });
const TensorModelMetadata = z
  .object({
    name: z.string(),
    versions: z.array(z.string()),
    platform: z.string(),
    inputs: z.array(TensorMetadata),
    outputs: z.array(TensorMetadata),
  })
  .meta({ id: 'TensorModelMetadata' });
const TensorServerMetadata = z
  .object({ name: z.string(), version: z.string(), extensions: z.array(z.string()) })
  .meta({ id: 'TensorServerMetadata' });
const TensorModels = z.object({ models: z.array(z.string()) }).meta({ id: 'TensorModels' });
const TensorServerLive = z.object({ live: z.boolean() }).meta({ id: 'TensorServerLive' });
const TensorServerReady = z.object({ ready: z.boolean() }).meta({ id: 'TensorServerReady' });
export const TensorModelReady = z.object({ name: z.string(), ready: z.boolean() }).meta({ id: 'TensorModelReady' });

/** An input and an output as metadata and as tensors. */
const row = { datatype: 'FP32', shape: [1, 2] };
const metadataOfRow = { datatype: 'FP32', shape: [-1, 2] };

const headLength = {
  description: 'Length of the JSON at the start of a body whose rest is binary data.',
  schema: { type: 'integer', minimum: 0 },
};

/** The paths of the Open Inference Protocol, for the names of the models that are served, or for any that may come. */
export function tensorPaths(models: readonly string[] | 'any'): JsonObject {
  const tags = ['tensors'];
  const readiness = referenceTo(TensorServerReady);
  const ofServer = {
    '/v2': {
      get: {
        operationId: 'tensorServer',
        summary: 'The server as the Open Inference Protocol describes it.',
        tags,
        responses: {
          200: jsonResponse(referenceTo(TensorServerMetadata), 'Name, version and extensions.', {
            name: 'portico',
            version,
            extensions,
          }),
          ...tensorErrorResponses([401, ...anyRoute]),
        },
      },
    },
    ...probe(
      '/v2/health/live',
      'tensorLive',
      'The process is alive.',
      {
        200: jsonResponse(referenceTo(TensorServerLive), 'Always.', { live: true }),
        ...tensorErrorResponses(anyRoute),
      },
      'tensors',
    ),
    ...probe(
      '/v2/health/ready',
      'tensorServerReady',
      'The server is ready.',
      {
        200: jsonResponse(readiness, 'Ready.', { ready: true }),
        ...tensorErrorResponses(anyRoute),
        503: orProblem(jsonResponse(readiness, 'Not ready.', { ready: false })),
      },
      'tensors',
    ),
  };
  const [first] = models === 'any' ? ['iris'] : models;
  const ofModels = {
    '/v2/models': read(
      'tensorModels',
      'The names of the models.',
      jsonResponse(referenceTo(TensorModels), 'The names.', { models: models === 'any' ? ['iris'] : models }),
      [],
    ),
    '/v2/models/stats': read(
      'tensorStatistics',
      'Statistics of all models since the server started.',
      statisticsResponse(first),
      [],
    ),
  };
  if (first === undefined) return { ...ofServer, ...ofModels };
  const inPath = (name: string, schema: JsonObject): JsonObject => ({ name, in: 'path', required: true, schema });
  const model = inPath('model', { type: 'string', ...(models === 'any' ? {} : { enum: models }) });
  return {
    ...ofServer,
    ...ofModels,
    ...modelPaths('/v2/models/{model}', '', [model], first),
    ...modelPaths(
      '/v2/models/{model}/versions/{version}',
      'OfVersion',
      [model, inPath('version', { type: 'string' })],
      first,
    ),
  };
}

/** A route that is read, and needs a key if any does. */
function read(operationId: string, summary: string, response: JsonObject, statuses: readonly number[]): JsonObject {
  const responses = { 200: response, ...tensorErrorResponses([401, ...statuses, ...anyRoute]) };
  return { get: { operationId, summary, tags: ['tensors'], responses } };
}

/** @param name of a model, for the example; undefined if there is none */
function statisticsResponse(name: string | undefined): JsonObject {
  const duration = { count: 12, ns: 4_800_000 };
  const compute = { compute_input: duration, compute_infer: duration, compute_output: duration };
  const none = { count: 0, ns: 0 };
  const example: TensorStatistics = {
    model_stats: [name ?? []].flat().map((model) => ({
      name: model,
      version: '1',
      last_inference: 1_769_860_800_000,
      inference_count: 12,
      execution_count: 12,
      inference_stats: {
        success: duration,
        fail: none,
        queue: duration,
        ...compute,
        cache_hit: none,
        cache_miss: none,
      },
      batch_stats: [{ batch_size: 1, ...compute }],
      memory_usage: [{ type: 'CPU', id: 0, byte_size: 96_468_992 }],
    })),
  };
  return jsonResponse(
    referenceTo(TensorStatistics),
    "A JSON object for each version, as in Triton's statistics extension.",
    example,
  );
}

/** @param name of a model, for the examples */
function modelPaths(path: string, suffix: string, inPath: readonly JsonObject[], name: string): JsonObject {
  const get = (operationId: string, summary: string, responses: JsonObject): JsonObject => ({
    get: { operationId: `${operationId}${suffix}`, summary, tags: ['tensors'], parameters: inPath, responses },
  });
  const readiness = referenceTo(TensorModelReady);
  return {
    [path]: get('tensorMetadata', 'The inputs and outputs of a model.', {
      200: jsonResponse(referenceTo(TensorModelMetadata), 'The metadata.', {
        name,
        versions: ['1'],
        platform,
        inputs: [{ name: 'input', ...metadataOfRow }],
        outputs: [{ name: 'output', ...metadataOfRow }],
      }),
      ...tensorErrorResponses([401, 404, ...anyRoute]),
    }),
    [`${path}/ready`]: get('tensorReady', 'Whether the model is ready.', {
      200: jsonResponse(readiness, 'Ready.', { name, ready: true }),
      ...tensorErrorResponses([401, 404, ...anyRoute]),
      503: orProblem(jsonResponse(readiness, 'Not ready.', { name, ready: false })),
    }),
    [`${path}/config`]: get(
      'tensorConfig',
      "The configuration of the model, as in Triton's model configuration extension.",
      {
        200: jsonResponse(referenceTo(TensorModelConfig), 'The configuration.', {
          name,
          platform,
          backend: 'onnxruntime',
          version_policy: { all: {} },
          max_batch_size: 0,
          input: [{ name: 'input', data_type: 'TYPE_FP32', dims: [-1, 2], format: 'FORMAT_NONE', optional: false }],
          output: [{ name: 'output', data_type: 'TYPE_FP32', dims: [-1, 2] }],
          instance_group: [{ name: `${name}_0`, kind: 'KIND_CPU', count: 1, gpus: [] }],
          default_model_filename: 'model.onnx',
          parameters: {},
          model_transaction_policy: { decoupled: false },
        } satisfies TensorModelConfig),
        ...tensorErrorResponses([401, 404, ...anyRoute]),
      },
    ),
    [`${path}/stats`]: get('tensorModelStatistics', 'Statistics of the model since the server started.', {
      200: statisticsResponse(name),
      ...tensorErrorResponses([401, 404, ...anyRoute]),
    }),
    [`${path}/infer`]: { post: inferOperation(suffix, inPath, name) },
  };
}

function inferOperation(suffix: string, inPath: readonly JsonObject[], name: string): JsonObject {
  const encodings = { type: 'string', enum: ['gzip', 'deflate'] };
  return {
    operationId: `tensorInfer${suffix}`,
    summary: 'Run a model: tensors in, tensors out.',
    tags: ['tensors'],
    parameters: [
      ...inPath,
      timeoutHeader,
      { name: 'inference-header-content-length', in: 'header', ...headLength },
      { name: 'content-encoding', in: 'header', description: 'How the body is compressed.', schema: encodings },
    ],
    requestBody: {
      required: true,
      content: {
        'application/json': {
          schema: referenceTo(InferRequest),
          example: { inputs: [{ name: 'input', ...row, data: [1, 2] }] },
        },
        'application/octet-stream': { schema: binary },
      },
    },
    responses: {
      200: {
        description: 'The outputs; binary data follows the JSON where it was requested.',
        headers: {
          ...requestIdHeader,
          ...timingHeader,
          'inference-header-content-length': headLength,
          'content-encoding': { description: 'As `Accept-Encoding` asks for it.', schema: encodings },
        },
        content: {
          'application/json': {
            schema: referenceTo(InferResponse),
            example: { model_name: name, model_version: '1', outputs: [{ name: 'output', ...row, data: [2, 4] }] },
          },
          'application/octet-stream': { schema: binary },
        },
      },
      ...tensorErrorResponses([400, 401, 404, 408, 413, 415, 429, 431, 500, 503, 504]),
    },
  };
}
