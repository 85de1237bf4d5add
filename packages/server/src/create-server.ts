import { channel } from 'node:diagnostics_channel';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { type AppOptions, buildApp } from './app.ts';
import { type Config, parseConfig, sharesOf } from './config.ts';
import { filesOfModel, modelNames } from './config/model-repository.ts';
import { thisMachine } from './config/resources.ts';
import { createDispatchers, longestTimeoutMs, serveFile, warnIfTight } from './create-dispatchers.ts';
import { ByteBudget } from './dispatch/byte-budget.ts';
import { logDispatch } from './dispatch/dispatch-log.ts';
import type { DispatchObserver } from './dispatch/observer.ts';
import { UnreadOutputs } from './dispatch/unread-outputs.ts';
import { systemClock } from './dispatch/engine.ts';
import { LaunchGate } from './dispatch/launch-gate.ts';
import { startGpuMonitor } from './gpu/gpu-monitor.ts';
import { allDispatchers, allTensors, type Gateway, type Served } from './http/gateway.ts';
import { createMetrics } from './http/prometheus/metrics.ts';
import { Connections } from './http/plugins/connections.ts';
import { RateLimit } from './http/plugins/rate-limit.ts';
import { readyStatus } from './http/status.ts';
import { listen } from './listen.ts';
import { createLog } from './log.ts';
import { ControlledRepository } from './model-control.ts';
import { openTracing } from './tracing/tracing.ts';
import { type ModelRegistry, modelRegistry, type RegisteredModel } from './model/register-model.ts';
import type { Protocol } from './protocol.ts';

/** The gateway with its engines and its monitor. */
export interface Server {
  readonly app: FastifyInstance;
  readonly log: FastifyBaseLogger;
  /** The environment as it was read. */
  readonly config: Config;
  /** Listens where the configuration says and resolves with the address for this machine, as in `http://localhost:8000` or `unix:/run/portico.sock`. */
  listen(): Promise<string>;
  /** Turns readiness off; requests are still served. */
  drain(): void;
  /** The server has been ready, so that clients may have been sent here. */
  readonly hasBeenReady: boolean;
  /**
   * Takes no more connections, finishes what is running, then ends every engine. It takes a bounded time: what has no output by
   * then gets a failure, streams as an event.
   */
  close(): Promise<void>;
}

export interface ServerOptions {
  readonly models: readonly RegisteredModel[];
  /** Protocols of your own, beside Portico's. */
  readonly protocols?: readonly Protocol[];
  /** @default process.env */
  readonly environment?: NodeJS.ProcessEnv;
  /** @default lines as `LOG_LEVEL` says, for people where standard output is a terminal */
  readonly logger?: FastifyBaseLogger;
  /** Called once, when the server has become ready. */
  readonly onReady?: () => void;
  /** A load without progress for this long has failed. @default 180000 */
  readonly loadTimeoutMs?: number;
  /** How long a client may take for its headers, and for the whole request. */
  readonly clientTimeouts?: AppOptions['clientTimeouts'];
}

/** What `portico dev` sees of a server. */
export interface CreatedServer {
  readonly registry: ModelRegistry;
  readonly models: Served['models'];
}

/** Where every server of this process appears once it has its dispatchers. `portico dev` listens. */
const createdServers = channel('portico.server');

const defaultLoadTimeoutMs = 180_000;

/** While closing, headers on their way get this long to arrive. */
const arrivalGraceMs = 1_000;
/** While closing, requests get the longest deadline of all models and this much more, unless `SHUTDOWN_TIMEOUT_SECONDS` is set. */
const finishGraceMs = 5_000;
/** Before the end, what is still running is rejected, and this long is left for the failures to be sent. */
const rejectionMs = 1_000;
/** The last spans get as much as the log, or what is left of the time, up to this. */
const maxLastSpansMs = 2_000;
/** And this long for the log after the last connection. */
const lastLinesMs = 500;

/**
 * Joins configuration, dispatchers, engines and protocols. Engines start to load at once; it does not listen.
 * @throws {ConfigError} with a line for each wrong variable.
 */
export async function createServer(options: ServerOptions): Promise<Server> {
  const { onReady, clientTimeouts, loadTimeoutMs = defaultLoadTimeoutMs, environment = process.env } = options;
  const registry = modelRegistry(options.models);
  const config = parseConfig(environment, registry, thisMachine());
  const { logger, flush } = options.logger === undefined ? createLog(config.logLevel) : { logger: options.logger };
  const gpuMonitor = startGpuMonitor({ logger });
  const uploads = new ByteBudget(config.maxInflightBytes);
  const outputs = new UnreadOutputs(config.maxInflightBytes);
  const metrics = createMetrics(() => allDispatchers(served), {
    uploads,
    outputs,
    gpu: () => gpuMonitor.status(),
    longestMs: longestTimeoutMs(registry, config),
  });
  const log = logDispatch({
    logger,
    clock: systemClock,
    deviceName: (device, index) =>
      device === 'cuda' ? gpuMonitor.status().gpus.find((gpu) => gpu.index === index)?.name : undefined,
    hasGpu: () => gpuMonitor.status().gpus.length > 0,
  });
  let hasBeenReady = false;
  const createdAt = performance.now();
  const observer: DispatchObserver = {
    ...metrics.dispatch,
    progress: log.progress,
    restarted: (...event) => {
      metrics.dispatch.restarted(...event);
      log.restarted(...event);
      noteReadiness();
    },
    replicaReady: (...event) => {
      log.replicaReady(...event);
      noteReadiness();
    },
  };
  const noteReadiness = (): void => {
    if (hasBeenReady || readyStatus(gateway).status !== 'ready') return;
    hasBeenReady = true;
    const all = allDispatchers(served);
    const ready = all.filter((dispatcher) => dispatcher.ready).length;
    const milliseconds = Math.round(performance.now() - createdAt);
    const text = `Ready after ${(milliseconds / 1_000).toFixed(1)} s (models: ${ready} of ${all.length})`;
    logger.info({ milliseconds, models: all.length, ready }, text);
    onReady?.();
  };
  const developing = createdServers.hasSubscribers;
  const gate = new LaunchGate(systemClock, config.maxLoading);
  const context = { config, logger, observer, loadTimeoutMs, gate, developing };
  const served = createDispatchers(registry, context);
  const { controlledRepository: path } = config;
  const repository = new ControlledRepository({
    models: served.tensors,
    folder:
      path === undefined ? undefined : { names: () => modelNames(path), filesOf: (name) => filesOfModel(path, name) },
    logger,
    observer,
    onChange: noteReadiness,
    serve: (files) => {
      const others = allTensors(served.tensors).filter((one) => files.every(({ name }) => name !== one.name));
      const shares = sharesOf(config.sharing, [...others, ...files]);
      warnIfTight({ shares }, logger);
      return (file, fileObserver) =>
        serveFile(file, { ...context, config: { ...config, shares }, observer: fileObserver });
    },
  });

  createdServers.publish({ registry, models: served.models } satisfies CreatedServer);

  const lifecycle = { draining: false };
  let drainingSince: number | undefined;
  const drain = (): void => {
    lifecycle.draining = true;
    drainingSince ??= performance.now();
  };
  const connections = new Connections(config);
  const tracing = await openTracing(environment, logger);
  const gateway: Gateway = {
    ...served,
    repository,
    uploads,
    outputs,
    rateLimit: config.rateLimit === undefined ? undefined : new RateLimit(config.rateLimit),
    requests: metrics.requests,
    statistics: metrics.statistics,
    limits: { maxUploadBytes: config.maxUploadBytes, maxBatchItems: config.maxBatchItems },
    gpu: () => gpuMonitor.status(),
    lifecycle,
    strictReadiness: config.strictReadiness,
  };
  const app = await buildApp({
    gateway,
    connections,
    registry: metrics.registry,
    logger,
    corsOrigins: config.corsOrigins,
    apiKeys: config.apiKeys,
    trustProxy: config.trustProxy,
    basePath: config.basePath,
    demoUrl: config.demoUrl,
    vertexRoutes: config.vertexRoutes,
    protocols: options.protocols ?? [],
    keepAliveMs: config.keepAliveMs,
    tracing,
    ...(clientTimeouts === undefined ? {} : { clientTimeouts }),
  });
  for (const dispatcher of allDispatchers(served)) dispatcher.start();
  noteReadiness();

  return {
    app,
    log: logger,
    config,
    listen: () => listen(app, config.address),
    get hasBeenReady() {
      return hasBeenReady;
    },
    drain,
    close: async () => {
      drain();
      // Its client would hold the server, which has no use for it.
      repository.stopLoading();
      const all = [...served.models.values(), ...allTensors(served.tensors)];
      const maxTimeoutMs = Math.max(0, ...all.map(({ timeoutMs }) => timeoutMs));
      const elapsedMs = performance.now() - (drainingSince ?? 0);
      const { shutdownMs = elapsedMs + maxTimeoutMs + finishGraceMs } = config;
      const remainingMs = Math.max(0, shutdownMs - elapsedMs - lastLinesMs);
      const stopDispatchers = (): void => {
        gate.close();
        repository.stop();
        for (const dispatcher of allDispatchers(served)) dispatcher.stop();
      };
      const timers = [
        setTimeout(() => connections.closeUnused(), Math.min(arrivalGraceMs, remainingMs)),
        setTimeout(stopDispatchers, remainingMs - rejectionMs),
        setTimeout(() => app.server.closeAllConnections(), remainingMs),
      ];
      // A connection that was upgraded is none of the server's any more and could hold it open.
      await Promise.race([app.close(), sleep(remainingMs + rejectionMs, undefined, { ref: false })]);
      for (const timer of timers) clearTimeout(timer);
      stopDispatchers();
      log.stop();
      gpuMonitor.stop();
      logger.info({}, 'stopped');
      const leftMs = shutdownMs - (performance.now() - (drainingSince ?? 0));
      await Promise.all([flush?.(), tracing?.stop(Math.min(Math.max(lastLinesMs, leftMs), maxLastSpansMs))]);
    },
  };
}
