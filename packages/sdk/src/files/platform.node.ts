import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unusableFor } from './input-error.ts';
import type { EncodedForm, OpenedFile } from './platform.ts';

/**
 * A form as bytes. Node 24's `fetch` ends the process when the sending of a `FormData` stops before its files are read to
 * the end, and when a file cannot be read (https://github.com/nodejs/undici/issues/5835). If a server rejects an upload
 * early, its response to bytes arrives far more often, too.
 */
export async function encodeForm(form: FormData): Promise<EncodedForm> {
  for (const [part, file] of form) {
    if (typeof file === 'string') continue;
    const content = await file.arrayBuffer().catch((cause: unknown) => {
      throw unusableFor('The file cannot be read', cause);
    });
    form.set(part, new Blob([content], { type: file.type }), file.name);
  }
  const encoded = new Response(form);
  // Read before the bytes are: Bun forgets it.
  const contentType = encoded.headers.get('content-type') ?? '';
  return { body: new Uint8Array(await encoded.arrayBuffer()), headers: { 'content-type': contentType } };
}

/** Reads a file of the machine by its path or `file:` URL, at most until the signal fires: a device may have no end. */
export async function openFile(path: string | URL, signal: AbortSignal): Promise<OpenedFile> {
  const place = path instanceof URL ? fileURLToPath(path) : path;
  return { bytes: await readFile(place, { signal }), name: basename(place) };
}
