import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { sha256OfFile, type WeightsReporter } from '../byte-progress.ts';
import type { VerifiedFile } from '../weights-file.ts';
import { inCache } from './errors.ts';

/** What a URL returned last time, so that the server can be asked whether it still does. */
const CacheRecord = z.object({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  etag: z.string().optional(),
  lastModified: z.string().optional(),
});
export type CacheRecord = z.infer<typeof CacheRecord>;

/** The record of a URL, or undefined without a readable one: the file is downloaded then. */
export async function readRecord(folder: string, url: string): Promise<CacheRecord | undefined> {
  try {
    return CacheRecord.parse(JSON.parse(await readFile(recordPath(folder, url), 'utf8')));
  } catch {
    return undefined;
  }
}

export async function writeRecord(folder: string, url: string, record: CacheRecord): Promise<void> {
  const path = recordPath(folder, url);
  await inCache(folder, async () => {
    await mkdir(join(folder, 'urls'), { recursive: true });
    const unfinished = `${path}.${randomUUID()}`;
    await writeFile(unfinished, JSON.stringify(record));
    await rename(unfinished, path);
  });
}

/** Credentials do not change what a URL names; its query may. */
function recordPath(folder: string, url: string): string {
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  return join(folder, 'urls', `${createHash('sha256').update(bare.href).digest('hex')}.json`);
}

/** Headers that ask for the file only if it has changed; none without an ETag or a date. */
export const conditionalHeaders = ({ etag, lastModified }: CacheRecord): Record<string, string> => ({
  ...(etag === undefined ? {} : { 'if-none-match': etag }),
  ...(lastModified === undefined ? {} : { 'if-modified-since': lastModified }),
});

/** A cached file with the expected bytes; undefined if it is missing or damaged. */
export async function cachedFile(
  path: string,
  expected: string,
  { progress, warn }: WeightsReporter,
): Promise<VerifiedFile | undefined> {
  if ((await stat(path).catch(() => undefined)) === undefined) return undefined;
  const sha256 = await sha256OfFile(path, progress);
  if (sha256 === expected) return { path, sha256 };
  warn(`${path} is damaged: it has sha256 ${sha256}; downloading it again`);
  return undefined;
}
