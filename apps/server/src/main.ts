import { setFlagsFromString } from 'node:v8';
import { catchStopSignals } from '@portico/server/signals';

// Before anything else is loaded, which takes most of a second.
catchStopSignals();

// V8's young generation would grow while modules load. `start` decides how large it becomes.
setFlagsFromString('--semi-space-growth-factor=1');

const [{ models }, { start }] = await Promise.all([import('@portico/models'), import('@portico/server')]);
/** Where the server listens; undefined if it does not. */
export const url = await start({ models });
