import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigError, parseConfig } from './config.ts';
import { thisMachine } from './config/machine.ts';
import { createServer, type ServerOptions } from './create-server.ts';
import { createLogger } from './logger.ts';
import type { ModelRegistry } from './model/registry.ts';
import { localUrl, suggestRequest } from './welcome.ts';

/** Runs the server until a signal: configuration, listening, draining, exit. */
export async function start(registry: ModelRegistry, patience: Pick<ServerOptions, 'loadMs'> = {}): Promise<void> {
  const config = readConfig(registry);
  if (config === undefined) return;
  const terminal = process.stdout.isTTY;
  const logger = createLogger(config.logLevel, terminal);
  let sayReady = (): void => {};
  const creating = createServer({ config, registry, logger, onReady: () => sayReady(), ...patience });

  let stopping = false;
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    // Asked twice, somebody means now.
    if (stopping) process.exit(1);
    stopping = true;
    const server = await creating;
    const interrupted = signal === 'SIGINT' && terminal;
    // Where readiness never was on, nobody has to learn that it is off.
    const drainMs = interrupted || !server.hasBeenReady ? 0 : config.drainMs;
    logger.info({ signal, drainMs }, `${signal}: draining`);
    server.drain();
    await sleep(drainMs);
    await server.close();
    logger.info({}, 'stopped');
    process.exit(0);
  };
  // Before the first wait, so that no signal is met by Node's own answer to it; main.ts had one for the time before.
  for (const signal of ['SIGTERM', 'SIGINT']) process.removeAllListeners(signal);
  process.on('SIGTERM', (signal) => void stop(signal));
  process.on('SIGINT', (signal) => void stop(signal));

  const server = await creating;
  try {
    await server.app.listen({ host: config.host, port: config.port });
  } catch (error) {
    if (stopping) return;
    logger.fatal({ err: error }, `Cannot listen on ${config.host}:${config.port}`);
    await server.close();
    process.exit(1);
  }
  const url = localUrl(server.app);
  const { port } = new URL(url);
  logger.info({ port: Number(port) }, `Portico listens on ${url}, documentation at ${url}/docs`);
  if (!config.models.some(({ name }) => name === 'ocr')) return;
  sayReady = () => suggestRequest(url);
  if (server.hasBeenReady) sayReady();
}

/** A wrong environment stops the start with one line for each mistake. */
function readConfig(registry: ModelRegistry): ReturnType<typeof parseConfig> | undefined {
  try {
    return parseConfig(process.env, registry, thisMachine());
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
    return undefined;
  }
}
