import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { UnusableInput } from './unusable-input.ts';

/** The largest mean character error rate that a category may have. */
export type Bounds = Readonly<Record<string, number>>;

const schema = z.record(z.string(), z.number().min(0));

/** @throws UnusableInput where the folder has no `bounds.json` of categories and numbers. */
export function readBounds(folder: string): Bounds {
  const path = join(folder, 'bounds.json');
  if (!existsSync(path)) throw new UnusableInput(`--bounds needs ${path}, which is missing.`);
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    throw new UnusableInput(`${path} must be a JSON object of categories and numbers from 0.`, { cause });
  }
}
