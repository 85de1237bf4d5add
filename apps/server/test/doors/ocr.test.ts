import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { OcrResult, Problem } from '@portico/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServerProcess, startServer } from '../harness/server-process.ts';
import { fileAsJson, form, post, postJson, refusal } from './support/asking.ts';
import { blank, mebibyte, padded, page, pageAs, pageText } from './support/pages.ts';

const run = promisify(execFile);
const hasCurl = await run('curl', ['--version']).then(
  () => true,
  () => false,
);

let server: ServerProcess;
let png: Buffer;

beforeAll(async () => {
  server = await startServer({ MODEL_NAME: 'ocr', MAX_BATCH_ITEMS: '3', MAX_UPLOAD_MB: '2' });
  [png] = await Promise.all([page(), server.ready()]);
});
afterAll(() => server[Symbol.asyncDispose]());

const ocr = (): string => `${server.url}/ocr`;
const read = async (response: Response): Promise<OcrResult> => {
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  return OcrResult.parse(await response.json());
};
const textOf = async (response: Response): Promise<string> => (await read(response)).text;

describe('POST /ocr', () => {
  it('reads a form with one part named "file"', async () => {
    const result = await read(await post(ocr(), form(png)));
    expect(result.text).toBe(pageText);
    expect(result.lines).toHaveLength(1);
  });

  it('takes parameters from the fields of a form', async () => {
    expect(await textOf(await post(ocr(), form(png, { fields: { minConfidence: '1' } })))).toBe('');
  });

  it('reads a raw body of a declared type, with parameters in the query', async () => {
    const headers = { 'content-type': 'image/png' };
    expect(await textOf(await post(ocr(), new Uint8Array(png), headers))).toBe(pageText);
    expect(await textOf(await post(`${ocr()}?minConfidence=1`, new Uint8Array(png), headers))).toBe('');
  });

  it('reads JSON with the file as base64, with parameters beside it or in the query', async () => {
    const input = fileAsJson(png, 'image/png');
    expect(await textOf(await postJson(ocr(), { input }))).toBe(pageText);
    expect(await textOf(await postJson(ocr(), { input, params: { minConfidence: 1 } }))).toBe('');
    expect(await textOf(await postJson(`${ocr()}?minConfidence=1`, { input, params: {} }))).toBe('');
  });

  it.each(['jpeg', 'tiff', 'webp', 'gif', 'avif'] as const)('reads %s, declared or not', async (format) => {
    const file = await pageAs(format);
    const declared = await post(ocr(), form(file, { type: `image/${format}` }));
    const undeclared = await post(ocr(), form(file, { type: 'application/octet-stream' }));
    expect(await textOf(declared)).toBe(pageText);
    expect(await textOf(undeclared)).toBe(pageText);
  });

  it('recognises the type of a file in every form where none is declared', async () => {
    const raw = new Uint8Array(png);
    expect(await textOf(await post(ocr(), raw))).toBe(pageText);
    expect(await textOf(await post(ocr(), raw, { 'content-type': 'application/octet-stream' }))).toBe(pageText);
    expect(await textOf(await postJson(ocr(), { input: fileAsJson(png) }))).toBe(pageText);
  });

  it('answers with the size of the original and corners within it', async () => {
    const { width, height, lines } = await read(await post(ocr(), form(png)));
    for (const { x, y } of lines.flatMap(({ polygon }) => polygon)) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x).toBeLessThanOrEqual(width);
      expect(y).toBeGreaterThanOrEqual(0);
      expect(y).toBeLessThanOrEqual(height);
    }
  });

  it.skipIf(!hasCurl)('takes what plain curl sends', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'portico-curl-'));
    try {
      await writeFile(join(folder, 'x.tif'), await pageAs('tiff'));
      await writeFile(join(folder, 'x.png'), png);
      const curl = async (...options: string[]): Promise<string> => {
        const { stdout } = await run('curl', ['-sS', '--fail', ...options], { cwd: folder });
        return OcrResult.parse(JSON.parse(stdout)).text;
      };
      expect(await curl('-F', 'file=@x.tif', ocr())).toBe(pageText);
      expect(await curl('-F', 'file=@x.png', '-F', 'minConfidence=1', ocr())).toBe('');
      expect(await curl('--data-binary', '@x.tif', ocr())).toBe(pageText);
      expect(await curl('-T', 'x.png', '-X', 'POST', ocr())).toBe(pageText);
      expect(await curl('-F', 'file=@x.tif', '-H', 'Expect: 100-continue', ocr())).toBe(pageText);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('POST /ocr/batch', () => {
  type Item = { ok: true; value: OcrResult } | { ok: false; error: Problem };

  const ask = (files: readonly { bytes: Uint8Array; type?: string }[], fields: Record<string, string> = {}) => {
    const data = new FormData();
    for (const { bytes, type = 'image/png' } of files)
      data.append('file', new Blob([bytes as BlobPart], { type }), 'x');
    for (const [name, value] of Object.entries(fields)) data.append(name, value);
    return post(`${ocr()}/batch`, data);
  };
  const items = async (response: Response): Promise<Item[]> => {
    expect(response.status).toBe(200);
    return ((await response.json()) as { results: Item[] }).results;
  };
  const short = (item: Item): string => (item.ok ? item.value.text : item.error.code);

  it('answers in the order of the files', async () => {
    const texts = ['Number one', 'Number two', 'Number three'];
    const files = await Promise.all(texts.map(async (text) => ({ bytes: await page(text) })));
    expect((await items(await ask(files))).map(short)).toEqual(texts);
  });

  it('lets one bad item fail alone', async () => {
    const results = await items(
      await ask([
        { bytes: Buffer.from('not a picture') },
        { bytes: png },
        { bytes: Buffer.from('%PDF-1.7'), type: 'application/pdf' },
      ]),
    );
    expect(results.map(short)).toEqual(['BAD_INPUT', pageText, 'UNSUPPORTED_MEDIA_TYPE']);
    const problems = results.flatMap((item) => (item.ok ? [] : [Problem.strict().parse(item.error)]));
    expect(problems.map(({ status }) => status)).toEqual([400, 415]);
  });

  it('lets an empty file fail alone', async () => {
    const results = await items(await ask([{ bytes: new Uint8Array() }, { bytes: png }]));
    expect(results.map(short)).toEqual(['BAD_INPUT', pageText]);
  });

  it('takes one set of parameters for all', async () => {
    const results = await items(await ask([{ bytes: png }, { bytes: png }], { minConfidence: '1' }));
    expect(results.map(short)).toEqual(['', '']);
  });

  it('says how long all of it took', async () => {
    const response = await ask([{ bytes: png }]);
    expect(response.headers.get('server-timing')).toMatch(/^queue;dur=.*inference;dur=/);
  });

  it('refuses more than MAX_BATCH_ITEMS files', async () => {
    const file = { bytes: await blank(32) };
    expect(await refusal(await ask([file, file, file, file]))).toEqual({ status: 400, code: 'BAD_INPUT' });
  });

  it('counts all files together against MAX_UPLOAD_MB', async () => {
    const half = padded(await blank(32), mebibyte);
    expect((await items(await ask([{ bytes: half }, { bytes: half }]))).map(short)).toEqual(['', '']);
    const response = await ask([{ bytes: half }, { bytes: half }, { bytes: await blank(32) }]);
    expect(await refusal(response)).toEqual({ status: 413, code: 'TOO_LARGE' });
  });

  it('refuses wrong parameters for all', async () => {
    const response = await ask([{ bytes: png }], { minConfidence: 'high' });
    expect(await refusal(response)).toMatchObject({ status: 422, issues: [{ path: 'params.minConfidence' }] });
  });

  it('refuses anything but a form', async () => {
    const response = await post(`${ocr()}/batch`, new Uint8Array(png), { 'content-type': 'image/png' });
    expect(await refusal(response)).toEqual({ status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' });
  });
});
