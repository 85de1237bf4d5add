import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { type AppOptions, buildApp } from './app.ts';
import type { Config } from './config.ts';
import { ByteBudget } from './dispatch/byte-budget.ts';
import { systemClock } from './dispatch/clock.ts';
import { logDispatch } from './dispatch/log-dispatch.ts';
import { ModelDispatcher } from './dispatch/model-dispatcher.ts';
import { startGpuMonitor } from './gpu/gpu-monitor.ts';
import { createMetrics } from './http/metrics/metrics.ts';
import type { ServedModel } from './http/served-model.ts';
import { followUnusedConnections } from './http/unused-connections.ts';
import type { ModelRegistry } from './models/registry.ts';
import { startEngineProcess } from './spawn/engine-process.ts';

/** The gateway with its engines and its monitor. */
export interface Server {
  readonly app: FastifyInstance;
  /** Turns readiness off; requests are still served. */
  drain(): void;
  /** Every model has been ready at once, so that readiness was on and callers may have been sent here. */
  readonly hasBeenReady: boolean;
  /** Takes no more connections, finishes what is under way, then ends every engine. It takes a bounded time. */
  close(): Promise<void>;
}

/** A load without progress for this long is given up. */
const loadMilliseconds = 180_000;
/** Over this share of its memory an engine is replaced after its work, over all of it at once. */
const softMemoryShare = 0.8;
/** While closing, headers on their way get this long to arrive. */
const arrivalGraceMilliseconds = 1_000;
/** While closing, requests get the longest deadline of all models and this much more, then their connections end. */
const finishGraceMilliseconds = 5_000;

/** Joins configuration, dispatchers, engines and doors. It does not listen. */
export async function createServer(
  config: Config,
  registry: ModelRegistry,
  logger: FastifyBaseLogger,
  patience?: AppOptions['patience'],
): Promise<Server> {
  const gpuMonitor = startGpuMonitor({ logger });
  const models = new Map<string, ServedModel>();
  const uploads = new ByteBudget(config.maxInflightBytes);
  const metrics = createMetrics(() => models, uploads);
  const deviceName = (device: string, index: number): string | undefined =>
    device === 'cuda' ? gpuMonitor.status().gpus.find((gpu) => gpu.index === index)?.name : undefined;
  const observer = { ...metrics.dispatch, ...logDispatch(logger, deviceName) };
  const { restarted: count } = metrics.dispatch;
  const { restarted: log } = observer;
  observer.restarted = (model, reason, detail) => {
    count(model, reason, detail);
    log(model, reason, detail);
  };
  let hasBeenReady = false;
  const { replicaReady } = observer;
  observer.replicaReady = (...told) => {
    replicaReady(...told);
    hasBeenReady ||= [...models.values()].every(({ dispatcher }) => dispatcher.ready);
  };

  for (const { name, variant } of config.models) {
    const registered = registry[name];
    if (registered === undefined) throw new Error(`Model ${name} is not registered.`);
    const { task, settings, module } = registered;
    const timeoutMilliseconds =
      settings.timeoutSeconds === undefined ? config.inferTimeoutMilliseconds : settings.timeoutSeconds * 1_000;
    const dispatcher = new ModelDispatcher({
      model: name,
      replicasOn: (device) => settings.replicas ?? config.replicasOn(device),
      maxQueue: settings.maxQueue ?? config.maxQueue,
      limits: {
        runMilliseconds: timeoutMilliseconds,
        loadMilliseconds,
        memory: { softBytes: config.replicaMemoryBytes * softMemoryShare, hardBytes: config.replicaMemoryBytes },
      },
      launch: (listener) =>
        startEngineProcess(
          {
            model: name,
            module,
            variant,
            options: {
              device: config.device,
              threads: config.threads,
              maxImagePixels: config.maxImagePixels,
              cacheDirectory: config.cacheDirectory,
            },
            logger,
          },
          listener,
        ),
      clock: systemClock,
      observer,
    });
    models.set(name, { task, settings, variant, dispatcher, timeoutMilliseconds });
  }

  const lifecycle = { draining: false };
  const app = await buildApp({
    gateway: {
      models,
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
    keepAliveMilliseconds: config.keepAliveMilliseconds,
    ...(patience === undefined ? {} : { patience }),
  });
  const endUnusedConnections = followUnusedConnections(app.server);
  for (const { dispatcher } of models.values()) dispatcher.start();

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
      const longest = Math.max(0, ...[...models.values()].map(({ timeoutMilliseconds }) => timeoutMilliseconds));
      const timers = [
        setTimeout(endUnusedConnections, arrivalGraceMilliseconds),
        setTimeout(() => app.server.closeAllConnections(), longest + finishGraceMilliseconds),
      ];
      await app.close();
      for (const timer of timers) clearTimeout(timer);
      for (const { dispatcher } of models.values()) dispatcher.stop();
      gpuMonitor.stop();
    },
  };
}
