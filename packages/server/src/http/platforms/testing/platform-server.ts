import Fastify, { type FastifyInstance } from 'fastify';
import { ByteBudget } from '../../../dispatch/byte-budget.ts';
import type { ModelDispatcher } from '../../../dispatch/dispatcher.ts';
import { UnreadOutputs } from '../../../dispatch/unread-outputs.ts';
import type { InferInput, InferOutput } from '../../../inference.ts';
import { packTensors } from '../../../tensors/raw-tensor.ts';
import type { ServedModel, ServedTensors } from '../../gateway.ts';
import { Holds } from '../../holds.ts';
import { handleErrors } from '../../errors/error-handler.ts';
import { requireApiKey } from '../../plugins/api-keys.ts';
import { acceptProtocols } from '../../protocols.ts';
import { taskRoutes } from '../../rest/task-routes.ts';
import { Statistics } from '../../statistics.ts';
import { platformRoutes, type PlatformRoutesOptions } from '../routes.ts';

const times = { queue: 1, decode: 1, inference: 1, postprocess: 1 };
export type Run = (
  input: InferInput,
  options: { readonly timeoutMs: number; readonly signal: AbortSignal },
) => Promise<Uint8Array | Pick<InferOutput, 'bytes' | 'warnings'>>;

/** A dispatcher whose model is this function. */
const dispatcherOf = (model: string, run: Run, isReady = true): ModelDispatcher =>
  ({
    model,
    ready: isReady,
    detail: 'it loads.',
    replicas: { ready: 1, target: 2 },
    info: {
      maxBatchSize: 1,
      tensors: {
        inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 2] }],
        outputs: [{ name: 'y', datatype: 'FP32', shape: [-1, 2] }],
      },
    },
    admit: () => {},
    submit: async (input: InferInput, options: Parameters<Run>[1]): Promise<InferOutput> => {
      const output = await run(input, options);
      return { ...(output instanceof Uint8Array ? { bytes: output } : output), times };
    },
  }) as unknown as ModelDispatcher;

/** Responds with what it was given. */
export const echo: Run = async ({ bytes, mediaType, params }, { timeoutMs }) =>
  Buffer.from(
    JSON.stringify({
      of: mediaType ?? Buffer.from(bytes).toString(),
      params,
      timeoutMs: Math.round(timeoutMs / 1_000),
    }),
  );

/** A served task, by its name. */
export const task = (task: ServedModel['task'], run: Run = echo, isReady = true): [string, ServedModel] => [
  task.name,
  {
    task,
    settings: { variants: {} },
    variant: 'one',
    dispatcher: dispatcherOf(task.name, run, isReady),
    timeoutMs: 60_000,
  },
];

/** `y = 2 x`. */
const doubled: Run = async ({ bytes, params }) => {
  const { inputs } = params as { inputs: [{ shape: number[] }] };
  const values = new Float32Array(new Uint8Array(bytes).buffer).map((value) => value * 2);
  const head = { name: 'y', datatype: 'FP32' as const, shape: inputs[0].shape, byteLength: values.byteLength };
  return packTensors([{ head, bytes: new Uint8Array(values.buffer) }]);
};

/** A served ONNX file, by its name. */
export const file = (name: string): [string, ReadonlyMap<string, ServedTensors>] => {
  const dispatcher = dispatcherOf(name, doubled);
  const served = { name, version: '1', weights: [], dispatcher, timeoutMs: 60_000, holds: new Holds() };
  return [name, new Map([['1', served]])];
};

const apps: FastifyInstance[] = [];

export const closeServers = () => Promise.all(apps.map((app) => app.close()));

/** Where a server with these models listens. */
export async function serverFor(
  models: [string, ServedModel][],
  files: ReturnType<typeof file>[] = [],
  vertexRoutes: PlatformRoutesOptions['vertexRoutes'] = {},
  apiKeys: readonly string[] = [],
): Promise<string> {
  const uploads = new ByteBudget(10_000_000);
  const outputs = new UnreadOutputs(10_000_000);
  const gateway = {
    models: new Map(models),
    tensors: new Map(files),
    repository: { index: () => [], control: undefined },
    uploads,
    outputs,
    requests: { ended: () => {}, rejected: () => {} },
    statistics: new Statistics(),
    limits: { maxUploadBytes: 1_000_000, maxBatchItems: 3 },
    gpu: () => ({ available: false as const, reason: 'none', gpus: [] as [] }),
    lifecycle: { draining: false },
    strictReadiness: false,
  };
  const app = Fastify({ forceCloseConnections: true });
  acceptProtocols(app);
  handleErrors(app);
  app.addHook('onRequest', async (request, reply) => void reply.header('x-request-id', request.id));
  app.protocols.openPaths.push(/^\/$/);
  requireApiKey(app, apiKeys);
  await app.register(taskRoutes, { gateway });
  await app.register(platformRoutes, { gateway, vertexRoutes });
  apps.push(app);
  return app.listen({ port: 0, host: '127.0.0.1' });
}
