import { models } from '@portico/server/models/index';
import { register } from '@portico/server/models/registry';
import { start } from '@portico/server/start';
import { denseSettings, mediumTask, tinyTask } from './models/tasks.ts';

/** The real server with the real models, and those that only the bench serves. */
await start({
  ...models,
  tiny: register(tinyTask, denseSettings, './models/tiny', import.meta.url),
  medium: register(mediumTask, denseSettings, './models/medium', import.meta.url),
});
