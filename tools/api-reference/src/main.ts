import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { reference, referenceFile } from './reference.ts';

mkdirSync(dirname(referenceFile), { recursive: true });
writeFileSync(referenceFile, await reference());
