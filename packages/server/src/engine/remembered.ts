import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { z } from 'zod';

/** Where an engine keeps what it has found out about a model on this machine. */
export interface MemoryPlace {
  readonly cacheDirectory: string;
  /** Folder below it, one for each kind of finding. */
  readonly folder: 'batch-limits' | 'row-trials' | 'load-times' | 'device-checks';
  /** Everything that the finding depends on. */
  readonly identity: readonly unknown[];
}

/** What was found out before; undefined if nothing was, or if it cannot be read. */
export async function recall<Finding>(place: MemoryPlace, schema: z.ZodType<Finding>): Promise<Finding | undefined> {
  try {
    return schema.parse(JSON.parse(await readFile(pathOf(place), 'utf8')));
  } catch {
    // It is found out again.
    return undefined;
  }
}

/** A cache that cannot be written only costs the time to find out again. */
export async function remember(place: MemoryPlace, finding: object): Promise<void> {
  const path = pathOf(place);
  const temporary = `${path}.${process.pid}`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(temporary, JSON.stringify(finding));
    await rename(temporary, path);
  } catch {
    // Read-only file systems are common in containers.
  }
}

function pathOf({ cacheDirectory, folder, identity }: MemoryPlace): string {
  const digest = createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 32);
  return join(cacheDirectory, folder, `${digest}.json`);
}
