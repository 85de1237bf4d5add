import { readFile } from 'node:fs/promises';
import { createTRPC, porticoErrorOf } from '@portico/sdk/trpc';

const { PORTICO_URL = 'http://localhost:8000', PORTICO_KEY } = process.env;
const trpc = createTRPC({ url: PORTICO_URL, apiKey: PORTICO_KEY, timeoutMs: 30_000 });

const [page, { models }] = await Promise.all([
  trpc.ocr.infer.mutate({ file: { data: await readFile('page.jpg') }, params: { minConfidence: 0.6 } }),
  trpc.models.list.query(),
]);
console.log(page.lines.length, 'lines by one of', models.length, 'models');

const speech = { data: await readFile('speech.flac') };
for await (const { start, end } of await trpc.vad.stream.mutate({ file: speech })) console.log(start, end);

try {
  await trpc.ocr.infer.mutate({ file: { data: await readFile('notes.txt') } });
} catch (error) {
  const refusal = porticoErrorOf(error);
  if (refusal?.code !== 'UNSUPPORTED_MEDIA_TYPE') throw error;
  console.log('Not a picture:', refusal.message);
}
