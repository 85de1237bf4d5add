import { unusableFor } from './unusable-input.ts';
import type { Upload } from './upload.ts';

/**
 * A form as bytes. Node 24's `fetch` ends the process when the sending of a `FormData` stops before its file is read to
 * the end, and when the file cannot be read (https://github.com/nodejs/undici/issues/5835); and where a server refuses
 * before it has everything, the answer to bytes arrives far oftener.
 */
export async function encodeForm(form: FormData): Promise<Upload> {
  const file = form.get('file') as File;
  const content = await file.arrayBuffer().catch((cause: unknown) => {
    throw unusableFor('The file cannot be read', cause);
  });
  form.set('file', new Blob([content], { type: file.type }), file.name);
  const encoded = new Response(form);
  // Asked before the bytes are: Bun forgets it.
  const contentType = encoded.headers.get('content-type') ?? '';
  return { body: new Uint8Array(await encoded.arrayBuffer()), headers: { 'content-type': contentType } };
}
