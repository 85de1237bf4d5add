// Sends a picture and a text with the client that @hey-api/openapi-ts generated, as it is.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [folder, baseUrl, picture] = process.argv.slice(2);
const { client } = await import(pathToFileURL(join(folder, 'client.gen.ts')).href);
const { embed, ocr } = await import(pathToFileURL(join(folder, 'sdk.gen.ts')).href);
client.setConfig({ baseUrl });

const file = new File([await readFile(picture)], 'page.jpg', { type: 'image/jpeg' });
const read = await ocr({
  body: { file, minConfidence: 0.4, maxSideLength: 1600, detectOrientation: false, words: true, halfWidth: true },
  headers: { 'x-timeout-seconds': 50 },
});
const refused = await ocr({ body: { file: new File(['no picture'], 'text', { type: 'image/png' }) } });
const embedded = await embed({ body: { input: { texts: ['one text', 'another'] } } });

process.stdout.write(
  JSON.stringify({
    statuses: [read, refused, embedded].map(({ response }) => response?.status),
    text: read.data?.text,
    words: read.data?.lines[0]?.words?.length,
    code: refused.error?.code,
    embeddings: embedded.data?.embeddings.length,
  }),
);
