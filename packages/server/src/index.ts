import type { Server, ServerOptions } from './create-server.ts';
import { catchStopSignals } from './signals.ts';
import type { StartOptions } from './start.ts';

export type { Server, ServerOptions } from './create-server.ts';
export {
  type ModelRegistration,
  type ModelSettings,
  type ModelVariant,
  type RegisteredModel,
  registerModel,
} from './model/register-model.ts';
export type { StartOptions } from './start.ts';
export {
  configuredFile,
  type ConfiguredFile,
  download,
  type Download,
  localFile,
  type LocalFile,
  npmFile,
  type NpmFile,
  type WeightsFile,
} from './weights/weights-file.ts';

// What registers a model needs neither Fastify nor anything else of the gateway, which is therefore loaded when it is asked for.

/**
 * Runs a server until a signal: reads the environment, listens, and on SIGTERM, SIGINT or SIGHUP drains and exits with 0. A wrong
 * environment prints a line for each mistake and exits with 1.
 * @returns once it listens, its address for this machine: `http://localhost:8000`, or `unix:/run/portico.sock`; undefined where it does not
 * start to listen.
 */
export async function start(options: StartOptions): Promise<string | undefined> {
  catchStopSignals();
  const { start: run } = await import('./start.ts');
  return run(options);
}

/**
 * A server that does not listen yet, for programs that have signals and a lifecycle of their own.
 * @throws {Error} named `ConfigError` with a line for each wrong environment variable.
 */
export async function createServer(options: ServerOptions): Promise<Server> {
  const { createServer: create } = await import('./create-server.ts');
  return create(options);
}
