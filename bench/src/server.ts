import { setFlagsFromString } from 'node:v8';

// As the shipped server does, so that the gateway's memory is the same.
setFlagsFromString('--semi-space-growth-factor=1');

const [{ models }, { registerModel, start }, tasks] = await Promise.all([
  import('@portico/models'),
  import('@portico/server'),
  import('./models/tasks.ts'),
]);

const maxBatchSize = Number(process.env[tasks.maxBatchVariable] ?? Infinity);

/** The real server with the real models, and those that only the bench serves. */
await start({
  models: [
    ...models.map((model) =>
      maxBatchSize === Infinity ? model : { ...model, settings: { ...model.settings, maxBatchSize } },
    ),
    registerModel({
      task: tasks.tinyTask,
      implementation: new URL('./models/tiny.js', import.meta.url),
      ...tasks.denseSettings,
    }),
    registerModel({
      task: tasks.mediumTask,
      implementation: new URL('./models/medium.js', import.meta.url),
      ...tasks.denseSettings,
    }),
    registerModel({
      task: tasks.digitsTask,
      implementation: new URL('./models/digits.js', import.meta.url),
      ...tasks.generatedSettings,
    }),
    registerModel({
      task: tasks.weighTask,
      implementation: new URL('./models/weigh.js', import.meta.url),
      ...tasks.generatedSettings,
    }),
  ],
});
