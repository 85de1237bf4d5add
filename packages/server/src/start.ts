import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigError } from './config.ts';
import { platformLines } from './config/platform.ts';
import { createServer, type Server, type ServerOptions } from './create-server.ts';
import { tell } from './log.ts';
import type { ModelSettings, RegisteredModel } from './model/register-model.ts';
import { onStopSignal } from './signals.ts';
import { boundYoungGeneration } from './young-generation.ts';

export type StartOptions = Pick<ServerOptions, 'models' | 'protocols' | 'loadTimeoutMs'>;

/** Runs the server until a signal: configuration, listening, draining, exit. Resolves with its address once it listens. */
export async function start({ models, ...options }: StartOptions): Promise<string | undefined> {
  boundYoungGeneration();
  let onReady = (): void => {};
  const server = await createServer({ models, ...options, onReady: () => onReady() }).catch(reportConfigError);
  if (server === undefined) return undefined;
  let stopping = false;
  onStopSignal((signal) => {
    stopping = true;
    // A second signal means now.
    onStopSignal(() => process.exit(1));
    void stop(server, signal);
  });

  const { config, log } = server;
  const { address } = config;
  let url: string;
  try {
    url = await server.listen();
  } catch (error) {
    if (stopping) return undefined;
    const place = 'host' in address ? `${address.host}:${address.port}` : address.socketPath;
    log.fatal({ err: error }, `Cannot listen on ${place}`);
    await server.close();
    process.exit(1);
  }
  const where = 'host' in address ? { port: Number(new URL(url).port) } : { socket: address.socketPath };
  log.info(where, `Portico listens on ${url}, documentation at ${'host' in address ? url : ''}${config.basePath}/docs`);
  for (const { level, text } of platformLines(config)) log[level](text);
  const served = models.filter(({ task }) => config.models.some(({ name }) => name === task.name));
  const example = served.find(({ settings }) => settings.example !== undefined);
  // It goes to stderr, whatever form the log has, because stdout belongs to the log.
  if (example !== undefined) onReady = () => tell(`Try: ${exampleRequest(example, url)}\n`);
  if (server.hasBeenReady) onReady();
  return url;
}

/** Drains, finishes what was accepted, and exits. */
async function stop(server: Server, signal: NodeJS.Signals): Promise<void> {
  const { config, log } = server;
  const interrupted = signal === 'SIGINT' && process.stdout.isTTY;
  // Where readiness never was on, no load balancer has to learn that it is off.
  const drainMs = interrupted || !server.hasBeenReady ? 0 : config.drainMs;
  log.info({ signal, drainMs }, `${signal}: draining`);
  server.drain();
  await sleep(drainMs);
  await server.close();
  process.exit(0);
}

/** A wrong environment stops the start with one line for each mistake. */
function reportConfigError(error: unknown): undefined {
  if (!(error instanceof ConfigError)) throw error;
  tell(`${error.message}\n`);
  process.exitCode = 1;
  return undefined;
}

/** A line for newcomers to paste. */
function exampleRequest({ task, settings }: RegisteredModel, url: string): string {
  const example = settings.example as NonNullable<ModelSettings['example']>;
  const [, socketPath] = /^unix:(.+)$/.exec(url) ?? [];
  const curl = socketPath === undefined ? 'curl' : `curl --unix-socket ${socketPath}`;
  const route = `${socketPath === undefined ? url : 'http://localhost'}/${task.name}`;
  if ('file' in example) return `${curl} -F file=@${example.file} ${route}`;
  if ('files' in example) {
    const parts = Object.entries(example.files).map(([name, path]) => `-F ${name}=@${path}`);
    return `${curl} ${parts.join(' ')} ${route}`;
  }
  const body = JSON.stringify({ input: example.input }).replaceAll("'", String.raw`'\''`);
  return `${curl} -H 'content-type: application/json' -d '${body}' ${route}`;
}
