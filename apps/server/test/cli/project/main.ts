import { start } from '@portico/server';
import { models } from './models.ts';

if (process.argv.length > 2) throw new Error(`Unknown arguments: ${process.argv.slice(2).join(' ')}`);
await start({ models });
