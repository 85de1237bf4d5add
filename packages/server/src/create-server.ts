import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { type DestinationStream, type Logger, pino } from 'pino';
import pretty from 'pino-pretty';
import { type AppOptions, buildApp } from './app.ts';
import { type Config, parseConfig } from './config.ts';
import { thisMachine } from './config/resources.ts';
import { createDispatchers } from './create-dispatchers.ts';
import { ByteBudget } from './dispatch/byte-budget.ts';
import { type DispatchObserver, logDispatch } from './dispatch/observer.ts';
import { UnreadOutputs } from './dispatch/unread-outputs.ts';
import { startGpuMonitor } from './gpu/gpu-monitor.ts';
import { allDispatchers, allTensors } from './http/gateway.ts';
import { createMetrics } from './http/metrics.ts';
import { Connections } from './http/plugins/connections.ts';
import { listen } from './listen.ts';
import { modelRegistry, type RegisteredModel } from './model/register-model.ts';

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
  /** Every model has been ready at once, so that readiness was on and clients may have been sent here. */
  readonly hasBeenReady: boolean;
  /** Takes no more connections, finishes what is running, then ends every engine. It takes a bounded time. */
  close(): Promise<void>;
}

export interface ServerOptions {
  readonly models: readonly RegisteredModel[];
  /** @default process.env */
  readonly environment?: NodeJS.ProcessEnv;
  /** @default lines as `LOG_LEVEL` says, for people where standard output is a terminal */
  readonly logger?: FastifyBaseLogger;
  /** Called once, when every model has become ready. */
  readonly onReady?: () => void;
  /** A load without progress for this long has failed. @default 180000 */
  readonly loadTimeoutMs?: number;
  /** How long a client may take for its headers, and for the whole request. */
  readonly clientTimeouts?: AppOptions['clientTimeouts'];
}

const defaultLoadTimeoutMs = 180_000;

/** While closing, headers on their way get this long to arrive. */
const arrivalGraceMs = 1_000;
/** While closing, requests get the longest deadline of all models and this much more, then their connections end. */
const finishGraceMs = 5_000;

/**
 * Joins configuration, dispatchers, engines and protocols. Engines start to load at once; it does not listen.
 * @throws {ConfigError} with a line for each wrong variable.
 */
export async function createServer(options: ServerOptions): Promise<Server> {
  const { onReady, clientTimeouts, loadTimeoutMs = defaultLoadTimeoutMs, environment = process.env } = options;
  const registry = modelRegistry(options.models);
  const config = parseConfig(environment, registry, thisMachine());
  const { logger = createLogger(config.logLevel, process.stdout.isTTY) } = options;
  const gpuMonitor = startGpuMonitor({ logger });
  const uploads = new ByteBudget(config.maxInflightBytes);
  const outputs = new UnreadOutputs(config.maxInflightBytes);
  const metrics = createMetrics(() => allDispatchers(served), { uploads, outputs });
  const log = logDispatch(logger, (device, index) =>
    device === 'cuda' ? gpuMonitor.status().gpus.find((gpu) => gpu.index === index)?.name : undefined,
  );
  let hasBeenReady = false;
  const observer: DispatchObserver = {
    ...metrics.dispatch,
    ...log,
    restarted: (...event) => {
      metrics.dispatch.restarted(...event);
      log.restarted(...event);
    },
    replicaReady: (...event) => {
      log.replicaReady(...event);
      if (hasBeenReady || !allDispatchers(served).every(({ ready }) => ready)) return;
      hasBeenReady = true;
      onReady?.();
    },
  };
  const served = createDispatchers(registry, { config, logger, observer, loadTimeoutMs });

  const lifecycle = { draining: false };
  const connections = new Connections(config);
  const app = await buildApp({
    gateway: {
      ...served,
      uploads,
      outputs,
      requests: metrics.requests,
      limits: { maxUploadBytes: config.maxUploadBytes, maxBatchItems: config.maxBatchItems },
      gpu: () => gpuMonitor.status(),
      lifecycle,
    },
    connections,
    registry: metrics.registry,
    logger,
    corsOrigins: config.corsOrigins,
    apiKeys: config.apiKeys,
    trustProxy: config.trustProxy,
    basePath: config.basePath,
    keepAliveMs: config.keepAliveMs,
    ...(clientTimeouts === undefined ? {} : { clientTimeouts }),
  });
  for (const dispatcher of allDispatchers(served)) dispatcher.start();

  return {
    app,
    log: logger,
    config,
    listen: () => listen(app, config.address),
    get hasBeenReady() {
      return hasBeenReady;
    },
    drain: () => {
      lifecycle.draining = true;
    },
    close: async () => {
      lifecycle.draining = true;
      const all = [...served.models.values(), ...allTensors(served.tensors)];
      const maxTimeoutMs = Math.max(0, ...all.map(({ timeoutMs }) => timeoutMs));
      const timers = [
        setTimeout(() => connections.closeUnused(), arrivalGraceMs),
        setTimeout(() => app.server.closeAllConnections(), maxTimeoutMs + finishGraceMs),
      ];
      await app.close();
      for (const timer of timers) clearTimeout(timer);
      for (const dispatcher of allDispatchers(served)) dispatcher.stop();
      gpuMonitor.stop();
    },
  };
}

/** JSON lines for machines; on a terminal, lines for people. */
function createLogger(level: string, terminal: boolean): Logger {
  const options = {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return terminal ? pino(options, forPeople()) : pino(options);
}

const forPeople = (): DestinationStream =>
  pretty({
    colorize: true,
    singleLine: true,
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: 'port,requestId,method,path,status,model,engine,device,reason,code',
  });
