import { setFlagsFromString } from 'node:v8';
import { catchStopSignals } from '@portico/server/signals';

// Before anything else is loaded, which takes most of a second.
catchStopSignals();

// Modules would make V8's young generation grow while they load; how large it is to be, `start` decides.
setFlagsFromString('--semi-space-growth-factor=1');

const [{ models }, { start }] = await Promise.all([import('@portico/models'), import('@portico/server')]);
await start({ models });
