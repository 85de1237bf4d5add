import { setFlagsFromString } from 'node:v8';

// Uploads are garbage soon, and wait for the young generation to be collected. It would grow to 32 MB; small, it is
// collected more often and the gateway holds less.
setFlagsFromString('--semi-space-growth-factor=1');

// Before anything is loaded, which takes most of a second: as pid 1 the process would ignore a signal without a handler.
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => process.exit(0));

const [{ models }, { start }] = await Promise.all([import('@portico/models'), import('@portico/server')]);
await start({ models });
