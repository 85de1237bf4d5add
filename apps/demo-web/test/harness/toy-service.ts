import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type ServerProcess, startServer } from '../../../server/test/harness/server-process.ts';

const main = join(import.meta.dirname, '../toy/service.ts');
/** Compiles on import; engines inherit it. */
const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

/** Starts a service of its own, with tasks that the page does not know. */
export const startToyService = (environment: NodeJS.ProcessEnv = {}): Promise<ServerProcess> =>
  startServer({ NODE_OPTIONS: `--import ${tsx}`, ...environment }, [], main);
