import { setFlagsFromString } from 'node:v8';
import { catchStopSignals } from '@portico/server/signals';

// Before anything else is loaded, which takes most of a second.
catchStopSignals();

// Platforms start a container with this argument, and the service does the same without it.
const words = process.argv.slice(2);
if (words.join(' ') !== 'serve' && words.length > 0) {
  process.stderr.write(`The argument "${words.join(' ')}" is unknown. Use "serve" or none.\n`);
  process.exit(1);
}

// V8's young generation would grow while modules load. `start` decides how large it becomes.
setFlagsFromString('--semi-space-growth-factor=1');

const [{ models }, { start }] = await Promise.all([import('@portico/models'), import('@portico/server')]);
/** Where the server listens; undefined if it does not. */
export const url = await start({ models });
