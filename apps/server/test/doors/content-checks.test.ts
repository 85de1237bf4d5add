import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ServerProcess, startServer } from '../harness/server-process.ts';
import { fileAsJson, form, post, postJson, refusal } from './support/asking.ts';
import { blank } from './support/pages.ts';

let server: ServerProcess;
let png: Buffer;

beforeAll(async () => {
  server = await startServer({ MODEL_NAME: 'ocr,crash', MAX_UPLOAD_MB: '1' });
  [png] = await Promise.all([blank(64), server.ready()]);
});
afterAll(() => server[Symbol.asyncDispose]());

const ocr = (query = ''): string => `${server.url}/ocr${query}`;
const wrongTimeout = { 'x-timeout-seconds': 'soon' };
const fields = { minConfidence: '7' };

it('An empty file is reported before wrong parameters and a wrong timeout', async () => {
  const empty = new Uint8Array();
  expect((await refusal(await post(ocr(), form(empty, { fields }), wrongTimeout))).status).toBe(400);
  const raw = { 'content-type': 'image/png', ...wrongTimeout };
  expect((await refusal(await post(ocr('?minConfidence=7'), empty, raw))).status).toBe(400);
  const json = { input: fileAsJson(empty), params: { minConfidence: 7 } };
  expect((await refusal(await postJson(ocr(), json, wrongTimeout))).status).toBe(400);
});

it('A file of the wrong type is reported before wrong parameters and a wrong timeout', async () => {
  const pdf = form(Buffer.from('%PDF-1.7'), { type: 'application/octet-stream', fields });
  expect((await refusal(await post(ocr(), pdf, wrongTimeout))).status).toBe(415);
});

it('A file that turns out to be too large is reported before wrong parameters', async () => {
  const large = form(new Uint8Array(1024 * 1024 + 1), { fields });
  expect((await refusal(await post(ocr(), large, wrongTimeout))).status).toBe(413);
});

it('Wrong parameters are reported before the file is decoded', async () => {
  const broken = form(png.subarray(0, 40), { fields });
  expect((await refusal(await post(ocr(), broken))).status).toBe(422);
});

it('A JSON input of the wrong shape is reported with its path', async () => {
  const answer = await refusal(await postJson(`${server.url}/crash`, { input: { how: 'gently' } }));
  expect(answer).toMatchObject({ status: 422, issues: [{ path: 'input.how' }] });
});

it('A task that takes JSON takes no files, not even in a batch', async () => {
  expect((await refusal(await post(`${server.url}/crash`, form(png)))).status).toBe(415);
  expect((await refusal(await post(`${server.url}/crash`, 'x', { 'content-type': 'image/png' }))).status).toBe(415);
  expect((await refusal(await post(`${server.url}/crash/batch`, form(png)))).status).toBe(415);
});
