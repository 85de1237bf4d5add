import { start } from '@portico/server';
import { doubleModel } from './index.js';

await start({ models: [doubleModel] });
