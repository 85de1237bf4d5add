import { setFlagsFromString } from 'node:v8';
import { catchStopSignals } from '@portico/server/signals';

// Before anything else is loaded, which takes most of a second.
catchStopSignals();

// Uploads are garbage soon, and wait for the young generation to be collected. It would grow to 32 MB; small, it is
// collected more often and the gateway holds less.
setFlagsFromString('--semi-space-growth-factor=1');

const [{ models }, { start }] = await Promise.all([import('@portico/models'), import('@portico/server')]);
await start({ models });
