/** Sends a picture and texts with openapi-fetch and the types that openapi-typescript generated, as they are. */
import { readFile } from 'node:fs/promises';
import createClient from 'openapi-fetch';

const [, , baseUrl = '', picture = ''] = process.argv;
/** @type {import('openapi-fetch').Client<import('./schema.d.ts').paths>} */
const portico = createClient({ baseUrl });

/** @param {object | string} body */
function form(body) {
  const parts = new FormData();
  for (const [name, value] of Object.entries(body)) parts.append(name, value instanceof Blob ? value : String(value));
  return parts;
}

// The generator has `string` for bytes.
const file = /** @type {string} */ (
  /** @type {unknown} */ (new Blob([await readFile(picture)], { type: 'image/jpeg' }))
);

const read = await portico.POST('/ocr', {
  params: { header: { 'x-timeout-seconds': 50 } },
  body: { file, minConfidence: 0.4, maxSideLength: 1600, detectOrientation: false, words: true, halfWidth: true },
  bodySerializer: form,
});
const raw = await portico.POST('/ocr', {
  params: { query: { words: true } },
  headers: { 'content-type': 'image/jpeg' },
  body: file,
  bodySerializer: (body) => body,
});
const cut = await portico.POST('/segment', { body: { file, output: 'cutout' }, bodySerializer: form });
const refused = await portico.POST('/ocr', { body: { input: { data: 'AAAA' } } });
// @ts-expect-error: no such choice
const mistaken = await portico.POST('/segment', { body: { file, output: 'cloud' }, bodySerializer: form });
const embedded = await portico.POST('/embed', { body: { input: { texts: ['one text', 'another'] } } });

process.stdout.write(
  JSON.stringify({
    statuses: [read, raw, cut, refused, mistaken, embedded].map(({ response }) => response.status),
    text: read.data?.text,
    words: [read.data?.lines[0]?.words?.length, raw.data?.lines[0]?.words?.length],
    image: typeof cut.data === 'object' ? cut.data.image.slice(0, 22) : undefined,
    codes: [refused.error?.code, mistaken.error?.code],
    embeddings: embedded.data?.embeddings.length,
  }),
);
