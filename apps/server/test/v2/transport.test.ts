import { deflateSync, gunzipSync, gzipSync } from 'node:zlib';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ServerProcess } from '../harness/server-process.ts';
import { echo, expanded, plus } from './support/files.ts';
import { bytesOf, floats, infer, send } from './support/infer.ts';
import { serve } from './support/serve.ts';

let server: ServerProcess;
beforeAll(async () => {
  const files = {
    'plus.onnx': plus(1),
    'texts.onnx': echo('string'),
    'halves.onnx': echo('float16'),
    'zeros.onnx': expanded(),
  };
  server = await serve(files, { MAX_UPLOAD_MB: '1' });
  await server.ready();
});
afterAll(() => server[Symbol.asyncDispose]());

const rows = (count: number): object => ({
  inputs: [{ name: 'x', datatype: 'FP32', shape: [count, 2], parameters: { binary_data_size: count * 8 } }],
  parameters: { binary_data_output: true },
});
const head = JSON.stringify({ inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 2], data: [1, 2] }] });
const mebibyte = 1024 * 1024;

describe('compressed requests', () => {
  it.each([
    ['gzip', gzipSync],
    ['GZIP', gzipSync],
    ['deflate', deflateSync],
  ] as const)('%s is undone', async (encoding, compress) => {
    const json = await send(server, 'plus', compress(head), { headers: { 'content-encoding': encoding } });
    expect([json.status, json.outputs[0]?.data]).toEqual([200, [2, 3]]);
    const text = Buffer.from(JSON.stringify(rows(1)));
    const both = compress(Buffer.concat([text, bytesOf(Float32Array.of(5, 6))]));
    const headers = { 'content-encoding': encoding, 'inference-header-content-length': String(text.length) };
    expect(floats((await send(server, 'plus', both, { headers })).outputs[0]?.bytes)).toEqual([6, 7]);
  });

  it('is refused where it is neither', async () => {
    const reply = await send(server, 'plus', Buffer.from(head), { headers: { 'content-encoding': 'br' } });
    expect([reply.status, reply.json.error]).toEqual([
      415,
      'Content-Encoding br is not supported. Use gzip or deflate.',
    ]);
  });

  it.each([
    ['not what it says', Buffer.from(head)],
    ['cut off', gzipSync(head).subarray(0, -12)],
    ['empty', Buffer.alloc(0)],
  ])('is refused where it is %s', async (_what, body) => {
    const reply = await send(server, 'plus', body, { headers: { 'content-encoding': 'gzip' } });
    expect([reply.status, reply.json.error]).toEqual([
      400,
      expect.stringMatching(/^The (body is not valid gzip|upload is empty|body is empty)\.$/),
    ]);
  });

  it('stops as soon as it is more than an upload may have', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * mebibyte));
    expect(bomb.length).toBeLessThan(mebibyte);
    const reply = await send(server, 'plus', bomb, { headers: { 'content-encoding': 'gzip' } });
    expect([reply.status, reply.json.error]).toEqual([413, 'The upload is larger than 1 MiB (MAX_UPLOAD_MB).']);
    expect((await infer(server, 'plus', head)).status).toBe(200);
  });
});

describe('compressed answers', () => {
  const zeros = { inputs: [{ name: 'shape', datatype: 'INT64', shape: [2], data: [1, 4_000] }] };
  const ask = (acceptEncoding: string | undefined): Promise<{ encoding: string | undefined; body: Buffer }> =>
    new Promise((resolve, reject) => {
      const sent = request(`${server.url}/v2/models/zeros/infer`, {
        method: 'POST',
        headers: acceptEncoding === undefined ? {} : { 'accept-encoding': acceptEncoding },
      });
      sent.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ encoding: response.headers['content-encoding'], body: Buffer.concat(chunks) }),
        );
      });
      sent.on('error', reject);
      sent.end(JSON.stringify(zeros));
    });

  it('are for those who ask', async () => {
    const plain = await ask(undefined);
    expect([plain.encoding, JSON.parse(plain.body.toString())]).toEqual([
      undefined,
      expect.objectContaining({ model_name: 'zeros' }),
    ]);
    const zipped = await ask('gzip');
    expect(zipped.encoding).toBe('gzip');
    expect(gunzipSync(zipped.body)).toEqual(plain.body);
    expect((await ask('deflate;q=0.5, identity;q=0.1')).encoding).toBe('deflate');
    expect((await ask('identity')).encoding).toBeUndefined();
    expect((await ask('gzip;q=0')).encoding).toBeUndefined();
    expect((await ask('br')).encoding).toBeUndefined();
  });

  it('count the JSON before compression', async () => {
    const { outputs } = await infer(
      server,
      'zeros',
      { ...zeros, parameters: { binary_data_output: true } },
      { headers: { 'accept-encoding': 'gzip' } },
    );
    expect(outputs[0]?.bytes).toEqual(Buffer.alloc(16_000));
  });
});

describe('binary data alone', () => {
  const alone = (model: string, bytes: Uint8Array) =>
    send(server, model, bytes, { headers: { 'inference-header-content-length': '0' } });

  it('has as many rows as there are bytes for', async () => {
    const { outputs } = await alone('plus', bytesOf(Float32Array.of(1, 2, 3, 4)));
    expect(outputs[0]).toMatchObject({ name: 'y', shape: [2, 2] });
    expect(floats(outputs[0]?.bytes)).toEqual([2, 3, 4, 5]);
  });

  it('is one row where two axes are free', async () => {
    expect((await alone('halves', new Uint8Array(6))).outputs[0]).toMatchObject({ datatype: 'FP16', shape: [1, 3] });
  });

  it('is one text for BYTES, without its length', async () => {
    const { outputs } = await alone('texts', Buffer.from('Grüße'));
    expect(outputs[0]).toMatchObject({ shape: [1, 1], bytes: Buffer.from('\u0007\u0000\u0000\u0000Grüße') });
  });
});

describe('what an upload may have', () => {
  it('is the whole body, to the byte', async () => {
    const count = Math.floor((mebibyte - JSON.stringify(rows(131_000)).length) / 8);
    const fits = await infer(server, 'plus', rows(count), { binary: new Uint8Array(count * 8) });
    expect([fits.status, fits.outputs[0]?.bytes?.length]).toEqual([200, count * 8]);
    expect(
      (await send(server, 'plus', new Uint8Array(mebibyte), { headers: { 'inference-header-content-length': '0' } }))
        .status,
    ).toBe(200);
    expect((await send(server, 'plus', new Uint8Array(mebibyte + 1))).status).toBe(413);
  });
});

describe('what an answer may have', () => {
  const zeros = (columns: number, binary: boolean): object => ({
    inputs: [{ name: 'shape', datatype: 'INT64', shape: [2], data: [1, columns] }],
    parameters: { binary_data_output: binary },
  });

  it('is a million values as JSON, and more as binary data', async () => {
    const json = await infer(server, 'zeros', zeros(1_000_001, false));
    expect([json.status, json.json.error]).toEqual([
      400,
      expect.stringMatching(/^The output has 1000001 values.*Request binary_data\.$/),
    ]);
    expect((await infer(server, 'zeros', zeros(1_000_001, true))).outputs[0]?.bytes?.length).toBe(4_000_004);
  });

  it('is never more than the engine can send', async () => {
    const reply = await infer(server, 'zeros', zeros(70_000_000, true));
    expect([reply.status, reply.json.error]).toEqual([
      413,
      'The output would have 280000000 bytes; at most 268435456 are allowed.',
    ]);
  });

  it('is never more than there is memory for', async () => {
    const reply = await infer(server, 'zeros', zeros(1_000_000_000_000, true));
    expect([reply.status, reply.headers.get('retry-after')]).toEqual([503, '1']);
    expect((await infer(server, 'zeros', zeros(1, false))).status).toBe(200);
  });
});
