import { createReadStream, openAsBlob } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createPortico, type FileInput, isPorticoError } from '@portico/sdk';

const [, , url = '', key = '', samples = ''] = process.argv;
const headers = { authorization: `Bearer ${key}` };
const portico = createPortico({ url, headers, retry: { maxRetries: 1 } });
const page = join(samples, 'page.jpg');
const portrait = join(samples, 'astronaut.png');
const speech = join(samples, 'speech.flac');
const bytes = await readFile(portrait);

/** What an error reports. */
async function refusal(call: Promise<unknown>): Promise<unknown> {
  try {
    await call;
    return 'there was no error';
  } catch (error) {
    if (!isPorticoError(error)) throw error;
    const { code, status = null, requestId = '', issues, retryable } = error;
    return { code, status, hasRequestId: requestId.length > 0, issues: issues.map((issue) => issue.path), retryable };
  }
}

const faceCount = async (file: FileInput): Promise<number> => (await portico.faces(file)).faces.length;

async function readStream(): Promise<object> {
  const segments = [];
  const found = portico.vad.stream(speech);
  for (;;) {
    const { done, value } = await found.next();
    if (done === true) return { segments, durationSeconds: value.durationSeconds };
    segments.push([value.start, value.end]);
  }
}

/** A file that was written to after it was chosen. */
async function changedFile(): Promise<Blob> {
  const folder = await mkdtemp(join(tmpdir(), 'portico-changed-'));
  const path = join(folder, 'portrait.png');
  try {
    await writeFile(path, bytes);
    const file = await openAsBlob(path);
    await writeFile(path, 'something else');
    return file;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Leaves after the first segment. */
async function readOne(): Promise<unknown> {
  for await (const { start } of portico.vad.stream(speech)) return start;
  return undefined;
}

/** A frame of silence, as the speech model takes it. */
async function runTensors(): Promise<object> {
  const { model, outputs } = await portico.tensors('speech').infer({
    inputs: [
      { name: 'input', shape: [1, 576], data: new Float32Array(576) },
      { name: 'state', shape: [2, 1, 128], data: new Float32Array(256) },
      { name: 'sr', shape: [], data: BigInt64Array.of(16_000n) },
    ],
  });
  const [probability, state] = outputs;
  return {
    model,
    isSilence: probability?.datatype === 'FP32' && (probability.data.at(0) ?? 1) < 0.2,
    state: { shape: state?.shape, array: state?.data.constructor.name, length: state?.data.length },
  };
}

async function cutOut(): Promise<object> {
  const png = await portico.segment.image(portrait, { output: 'cutout' });
  const first = new Uint8Array(await png.slice(0, 4).arrayBuffer());
  return { type: png.type, signature: [...first], isLarge: png.size > 10_000 };
}

const read = await portico.ocr(page, { minConfidence: 0.7 }, { timeoutMs: 30_000 });
const batch = await portico.faces.batch([portrait, Buffer.from('no image')], {}, { concurrency: 2 });
const { models } = await portico.models();

const report = {
  ocr: { text: read.text, lines: read.lines.length },
  path: await faceCount(portrait),
  fileUrl: await faceCount(pathToFileURL(portrait)),
  dataUrl: await faceCount(`data:image/png;base64,${bytes.toString('base64')}`),
  nodeStream: await faceCount(createReadStream(portrait)),
  webStream: await faceCount(new Blob([bytes]).stream()),
  blob: await faceCount(new Blob([bytes])),
  arrayBuffer: await faceCount(new Uint8Array(bytes).buffer),
  named: await faceCount({ data: new Uint8Array(bytes), mediaType: 'image/png', name: 'portrait.png' }),
  batch: batch.map((result) => (result.ok ? result.value.faces.length : result.error.code)),
  image: await cutOut(),
  stream: await readStream(),
  firstOfStream: await readOne(),
  tensors: await runTensors(),
  embed: (await portico.embed({ texts: ['hello'] })).dimensions,
  ready: (await portico.ready()).status,
  models: models.map(({ name }) => name),
  gpu: typeof (await portico.gpu()).available,
  noImage: await refusal(portico.ocr(Buffer.from('no image'))),
  noTensors: await refusal(portico.tensors('speech').infer({ inputs: [] })),
  changedFile: await refusal(portico.ocr(await changedFile())),
  noFile: await refusal(portico.ocr(join(samples, 'missing.jpg'))),
  wrongParameter: await refusal(portico.ocr(bytes, { minConfidence: 2 })),
  noSuchRoute: await refusal(createPortico({ url: `${url}/elsewhere`, headers }).ocr(bytes)),
  withoutKey: await refusal(createPortico({ url }).ocr(bytes)),
  aborted: await refusal(portico.ocr(page, {}, { signal: AbortSignal.timeout(20) })),
  tooLate: await refusal(portico.ocr(new ReadableStream<Uint8Array>(), {}, { timeoutMs: 50 })),
  noServer: await refusal(createPortico({ url: 'http://127.0.0.1:9', retry: false }).ocr(bytes)),
};
process.stdout.write(JSON.stringify(report));
