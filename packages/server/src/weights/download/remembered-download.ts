import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { onDisk } from './on-disk.ts';

/** What a URL gave the last time, so that the server can be asked whether it still does. */
const RememberedDownload = z.object({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  etag: z.string().optional(),
  lastModified: z.string().optional(),
});
export type RememberedDownload = z.infer<typeof RememberedDownload>;

/** What a URL gave the last time; undefined where nothing is known. */
export async function recall(folder: string, url: string): Promise<RememberedDownload | undefined> {
  try {
    return RememberedDownload.parse(JSON.parse(await readFile(pathOf(folder, url), 'utf8')));
  } catch {
    // Never asked before, or not readable: it is downloaded.
    return undefined;
  }
}

export async function remember(folder: string, url: string, download: RememberedDownload): Promise<void> {
  const path = pathOf(folder, url);
  await onDisk(folder, async () => {
    await mkdir(join(folder, 'urls'), { recursive: true });
    const unfinished = `${path}.${randomUUID()}`;
    await writeFile(unfinished, JSON.stringify(download));
    await rename(unfinished, path);
  });
}

/** The headers that ask for the file only if it is another one by now. */
export const conditions = ({ etag, lastModified }: RememberedDownload): Record<string, string> => ({
  ...(etag === undefined ? {} : { 'if-none-match': etag }),
  ...(lastModified === undefined ? {} : { 'if-modified-since': lastModified }),
});

/** Whoever asks, the same URL gives the same file; what the query says may name another. */
function pathOf(folder: string, url: string): string {
  const asked = new URL(url);
  asked.username = '';
  asked.password = '';
  return join(folder, 'urls', `${createHash('sha256').update(asked.href).digest('hex')}.json`);
}
