import { start } from '@portico/server';
import { models } from './models.ts';

await start({ models });
