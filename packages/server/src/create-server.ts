import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { type AppOptions, buildApp } from './app.ts';
import type { Config } from './config.ts';
import { createModels } from './create-models.ts';
import { createTensorModels } from './create-tensor-models.ts';
import { ByteBudget } from './dispatch/byte-budget.ts';
import { type DispatchObserver, logDispatch } from './dispatch/observer.ts';
import { startGpuMonitor } from './gpu/gpu-monitor.ts';
import { createMetrics } from './http/metrics/metrics.ts';
import { allDispatchers, type Served } from './http/served-model.ts';
import { allTensors } from './http/served-tensors.ts';
import { followUnusedConnections } from './http/unused-connections.ts';
import type { ModelRegistry } from './model/registry.ts';

/** The gateway with its engines and its monitor. */
export interface Server {
  readonly app: FastifyInstance;
  /** Turns readiness off; requests are still served. */
  drain(): void;
  /** Every model has been ready at once, so that readiness was on and clients may have been sent here. */
  readonly hasBeenReady: boolean;
  /** Takes no more connections, finishes what is under way, then ends every engine. It takes a bounded time. */
  close(): Promise<void>;
}

export interface ServerOptions {
  readonly config: Config;
  readonly registry: ModelRegistry;
  readonly logger: FastifyBaseLogger;
  /** Called once, when every model has become ready. */
  readonly onReady?: () => void;
  readonly patience?: AppOptions['patience'];
  /** A load without progress for this long is given up; three minutes unless told. */
  readonly loadMs?: number;
}

const usualLoadMs = 180_000;

/** While closing, headers on their way get this long to arrive. */
const arrivalGraceMs = 1_000;
/** While closing, requests get the longest deadline of all models and this much more, then their connections end. */
const finishGraceMs = 5_000;

/** Joins configuration, dispatchers, engines and doors. It does not listen. */
export async function createServer(options: ServerOptions): Promise<Server> {
  const { config, registry, logger, onReady, patience, loadMs = usualLoadMs } = options;
  const gpuMonitor = startGpuMonitor({ logger });
  const uploads = new ByteBudget(config.maxInflightBytes);
  const metrics = createMetrics(() => allDispatchers(served), uploads);
  const log = logDispatch(logger, (device, index) =>
    device === 'cuda' ? gpuMonitor.status().gpus.find((gpu) => gpu.index === index)?.name : undefined,
  );
  let hasBeenReady = false;
  const observer: DispatchObserver = {
    ...metrics.dispatch,
    ...log,
    restarted: (...told) => {
      metrics.dispatch.restarted(...told);
      log.restarted(...told);
    },
    replicaReady: (...told) => {
      log.replicaReady(...told);
      if (hasBeenReady || !allDispatchers(served).every(({ ready }) => ready)) return;
      hasBeenReady = true;
      onReady?.();
    },
  };
  const served: Served = {
    models: createModels(config, registry, logger, observer, loadMs),
    tensors: createTensorModels({ config, logger, observer, loadMs }),
  };

  const lifecycle = { draining: false };
  const app = await buildApp({
    gateway: {
      ...served,
      uploads,
      requests: metrics.requests,
      limits: { maxUploadBytes: config.maxUploadBytes, maxBatchItems: config.maxBatchItems },
      gpu: () => gpuMonitor.status(),
      lifecycle,
    },
    registry: metrics.registry,
    logger,
    corsOrigins: config.corsOrigins,
    apiKeys: config.apiKeys,
    trustProxy: config.trustProxy,
    keepAliveMs: config.keepAliveMs,
    ...(patience === undefined ? {} : { patience }),
  });
  const endUnusedConnections = followUnusedConnections(app.server);
  for (const dispatcher of allDispatchers(served)) dispatcher.start();

  return {
    app,
    get hasBeenReady() {
      return hasBeenReady;
    },
    drain: () => {
      lifecycle.draining = true;
    },
    close: async () => {
      lifecycle.draining = true;
      const asked = [...served.models.values(), ...allTensors(served.tensors)];
      const longest = Math.max(0, ...asked.map(({ timeoutMs }) => timeoutMs));
      const timers = [
        setTimeout(endUnusedConnections, arrivalGraceMs),
        setTimeout(() => app.server.closeAllConnections(), longest + finishGraceMs),
      ];
      await app.close();
      for (const timer of timers) clearTimeout(timer);
      for (const dispatcher of allDispatchers(served)) dispatcher.stop();
      gpuMonitor.stop();
    },
  };
}
