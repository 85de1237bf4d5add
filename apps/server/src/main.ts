import { models } from './models/index.ts';
import { start } from './start.ts';

await start(models);
