import type { GpuStatus, Health, ModelList, ModelReadiness, NotReady, Ready } from '@portico/schemas';
import { version } from '../../version.ts';
import { jsonResponse } from './contents.ts';
import { anyRoute, problemResponses, requestIdHeader } from './problems.ts';
import { type JsonObject, reference } from './schemas.ts';

const ocr: ModelReadiness = {
  kind: 'task',
  name: 'ocr',
  variant: 'ppocr-v4',
  device: 'cpu',
  devicesRefused: [],
  replicas: { ready: 1, target: 1 },
};

const health: Health = { status: 'ok' };
const ready: Ready = { status: 'ready', models: [ocr] };
const notReady: NotReady = {
  status: 'not ready',
  detail: 'Model ocr is not ready: loading on cpu.',
  models: [{ ...ocr, device: null, replicas: { ready: 0, target: 1 } }],
};
const gpus: GpuStatus = {
  available: true,
  sampledAt: '2026-01-31T12:00:00.000Z',
  gpus: [
    {
      index: 0,
      name: 'NVIDIA L4',
      uuid: 'GPU-7a9c9d70-092a-4c10-8fb5-17a0488e64f8',
      temperatureCelsius: 41,
      utilizationPercent: 62,
      memoryUsedBytes: 1_962_934_272,
      memoryTotalBytes: 24_152_899_584,
      powerWatts: 38.2,
    },
  ],
};
const models: ModelList = {
  models: [
    {
      kind: 'tensors',
      name: 'iris',
      version: '1',
      device: 'cpu',
      devicesRefused: [],
      weights: [{ name: 'model', source: 'file:/models/iris.onnx', sha256: null }],
      maxBatch: 32,
      versions: { portico: version, onnxruntime: '1.30.0' },
      inputs: [{ name: 'float_input', datatype: 'FP32', shape: [-1, 4] }],
      outputs: [{ name: 'probabilities', datatype: 'FP32', shape: [-1, 3] }],
    },
  ],
};
const metrics = `# HELP portico_requests_total Requests by model and how they ended: ok or an error code.
# TYPE portico_requests_total counter
portico_requests_total{model="ocr",outcome="ok"} 12
`;

/** What the service reports about itself, beside what is at `/`. */
export function servicePaths(): JsonObject {
  const text = (description: string, mediaType: string, example: string): JsonObject => ({
    description,
    headers: requestIdHeader,
    content: { [mediaType]: { schema: { type: 'string' }, example } },
  });
  return {
    ...probe('/health', 'health', 'The process is alive.', {
      200: jsonResponse(reference('Health'), 'Always.', health),
      ...problemResponses(anyRoute),
    }),
    ...probe('/ready', 'ready', 'The server is ready.', {
      200: jsonResponse(reference('Ready'), 'Ready.', ready),
      ...problemResponses(anyRoute),
      // Without a place for the connection, the response is a problem.
      503: orProblem(jsonResponse(reference('NotReady'), 'Not ready, and why.', notReady)),
    }),
    ...get('/gpu', 'gpu', 'The GPUs as NVML reports them.', {
      200: jsonResponse(reference('GpuStatus'), 'The GPUs, or why there are none.', gpus),
    }),
    ...get('/models', 'models', 'The served models.', {
      200: jsonResponse(reference('ModelList'), 'The models.', models),
    }),
    ...get('/metrics', 'metrics', 'Metrics for Prometheus.', {
      200: text('The metrics.', 'text/plain', metrics),
    }),
    ...get('/openapi.json', 'openapi', 'This document.', {
      200: jsonResponse({ type: 'object' }, 'The document.', { openapi: '3.1.0', info: { title: 'Portico', version } }),
    }),
    '/docs': {
      get: {
        operationId: 'docs',
        summary: 'This document as a page.',
        tags: ['status'],
        security: [],
        responses: {
          200: text('The page.', 'text/html', '<!doctype html>…'),
          ...problemResponses(anyRoute),
        },
      },
    },
  };
}

function get(path: string, operationId: string, summary: string, responses: JsonObject): JsonObject {
  const all = { ...responses, ...problemResponses([401, ...anyRoute]) };
  return { [path]: { get: { operationId, summary, tags: ['status'], responses: all } } };
}

/** A probe needs no key, and has HEAD as well: some balancers send that. */
export function probe(
  path: string,
  operationId: string,
  summary: string,
  responses: JsonObject,
  tag = 'status',
): JsonObject {
  const shared = { summary, tags: [tag], security: [] };
  const headOperation = `${operationId}Head`;
  return {
    [path]: {
      get: { operationId, ...shared, responses },
      head: { operationId: headOperation, ...shared, responses: withoutContent(responses) },
    },
  };
}

const withoutContent = (responses: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.keys(responses).map((status) => [
      status,
      { description: 'As with GET, without a body.', headers: requestIdHeader },
    ]),
  );

/** A response that may be a problem instead. */
export const orProblem = (response: JsonObject): JsonObject => ({
  ...response,
  content: {
    ...(response['content'] as JsonObject),
    'application/problem+json': { schema: reference('Problem') },
  },
});
