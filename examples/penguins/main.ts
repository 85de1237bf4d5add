import { start } from '@portico/server';
import { models } from './models.ts';

// Listens until a signal, then drains. The environment configures it: PORT, MODEL_NAME, LOG_LEVEL and so on.
await start({ models });
