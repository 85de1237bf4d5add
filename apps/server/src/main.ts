// Before anything is loaded, which takes most of a second: as pid 1 the process would ignore a signal without a handler.
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => process.exit(0));

const [{ models }, { start }] = await Promise.all([import('./models/index.ts'), import('./start.ts')]);
await start(models);
