import { setFlagsFromString } from 'node:v8';

// What the shipped server does first, so that the gateway's memory is measured as it is.
setFlagsFromString('--semi-space-growth-factor=1');

const [{ models }, { register }, { start }, tasks] = await Promise.all([
  import('@portico/models'),
  import('@portico/server'),
  import('@portico/server'),
  import('./models/tasks.ts'),
]);

/** The real server with the real models, and those that only the bench serves. */
await start({
  ...models,
  tiny: register(tasks.tinyTask, tasks.denseSettings, './models/tiny', import.meta.url),
  medium: register(tasks.mediumTask, tasks.denseSettings, './models/medium', import.meta.url),
});
