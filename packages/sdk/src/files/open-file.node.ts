import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { OpenedFile } from './open-file.ts';

/** Reads a file of the machine, by its path or its `file:` URL, until the signal fires: a device may have no end. */
export async function openFile(path: string | URL, signal: AbortSignal): Promise<OpenedFile> {
  const place = path instanceof URL ? fileURLToPath(path) : path;
  return { bytes: await readFile(place, { signal }), name: basename(place) };
}
