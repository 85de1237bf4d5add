import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { reference } from './reference.ts';
import { referenceFile } from './reference-file.ts';

mkdirSync(dirname(referenceFile), { recursive: true });
writeFileSync(referenceFile, await reference());
