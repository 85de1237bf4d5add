import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createPortico, isPorticoError } from '@portico/sdk';

const [, , url = '', key = '', samples = ''] = process.argv;
const headers = { authorization: `Bearer ${key}` };
const portico = createPortico({ url, headers });
const page = await readFile(join(samples, 'page.jpg'));
const speech = await readFile(join(samples, 'speech.flac'));

/** What an error says of itself to who asks for this code. */
async function refusal(call: Promise<unknown>): Promise<unknown> {
  try {
    return await call;
  } catch (error) {
    if (!isPorticoError(error)) throw error;
    const { code, status, requestId = '', issues, retryable } = error;
    return { code, status, hasRequestId: requestId.length > 0, issues: issues.map(({ path }) => path), retryable };
  }
}

const read = await portico.ocr(page, { minConfidence: 0.7 }, { timeoutMs: 30_000 });
const segments = [];
for await (const { start, end } of await portico.trpc.vad.stream.mutate({ file: { data: speech } })) {
  segments.push([start, end]);
}
const { dimensions } = await portico.embed({ texts: ['hello'] });

const report = {
  ocr: { text: read.text, lines: read.lines.length },
  stream: segments,
  embed: dimensions,
  ready: (await portico.ready()).status,
  models: (await portico.trpc.models.list.query()).models.map(({ name }) => name),
  noImage: await refusal(portico.ocr(Buffer.from('no image'))),
  wrongParameter: await refusal(portico.ocr(page, { minConfidence: 2 })),
  noSuchRoute: await refusal(createPortico({ url: `${url}/elsewhere`, headers }).ocr(page)),
  withoutKey: await refusal(createPortico({ url }).ocr(page)),
};
process.stdout.write(JSON.stringify(report));
