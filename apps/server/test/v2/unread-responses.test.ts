import { afterAll, beforeAll, expect, it } from 'vitest';
import { RawConnection } from '../doors/support/raw-connection.ts';
import { metric } from '../harness/metric.ts';
import { eventually, type ServerProcess } from '../harness/server-process.ts';
import { echo } from './support/files.ts';
import { bytesOf, infer } from './support/infer.ts';
import { serve } from './support/serve.ts';

const mebibyte = 1024 * 1024;
/** Of an input, and of the response to it: more than the buffers of the system take. */
const size = 12 * mebibyte;
const rows = size / 4;
const memory = 3 * (size + mebibyte);

let server: ServerProcess;
beforeAll(async () => {
  server = await serve({ 'identity.onnx': echo('float32') }, { MAX_INFLIGHT_MB: String(memory / mebibyte) });
  await server.ready();
});
afterAll(() => server[Symbol.asyncDispose]());

const head = Buffer.from(
  JSON.stringify({
    inputs: [{ name: 'x', datatype: 'FP32', shape: [rows, 1], parameters: { binary_data_size: size } }],
    parameters: { binary_data_output: true },
  }),
);
const body = Buffer.concat([head, Buffer.alloc(size)]);
const until = (name: string, matches: (bytes: number) => boolean): Promise<true> =>
  eventually(async () => (matches(await metric(server, name)) ? true : undefined));

/** Sends a request and does not read its response. */
async function sendOnly(): Promise<RawConnection> {
  const connection = await RawConnection.open(server.port);
  connection.socket.pause();
  const headers = { 'content-length': body.length, 'inference-header-content-length': head.length };
  connection.request('POST /v2/models/identity/infer', headers, body);
  return connection;
}

it('an input is given back when its output is there, whether or not the client reads it, and others are served', async () => {
  const silent: RawConnection[] = [];
  for (let count = 1; count <= 6; count += 1) {
    silent.push(await sendOnly());
    // Of the responses that nobody reads, as many are kept as there is memory for; the oldest ends.
    const kept = Math.min(count, 3) * size;
    await until('portico_unread_bytes', (bytes) => bytes >= kept && bytes <= memory);
    await until('portico_upload_bytes', (bytes) => bytes === 0);
  }
  const small = {
    inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 1], parameters: { binary_data_size: 4 } }],
  };
  const reply = await infer(server, 'identity', small, { binary: bytesOf(Float32Array.of(7)) });
  expect([reply.status, reply.outputs[0]?.data]).toEqual([200, [7]]);
  for (const connection of silent) connection[Symbol.dispose]();
  await until('portico_unread_bytes', (bytes) => bytes === 0);
});

it('a response in pieces arrives whole', async () => {
  const values = Float32Array.from({ length: rows }, (_, index) => index);
  const large = { inputs: [{ name: 'x', datatype: 'FP32', shape: [rows, 1], parameters: { binary_data_size: size } }] };
  const reply = await infer(
    server,
    'identity',
    { ...large, parameters: { binary_data_output: true } },
    { binary: bytesOf(values) },
  );
  expect(reply.status).toBe(200);
  expect(Buffer.compare(reply.outputs[0]?.bytes ?? Buffer.alloc(0), Buffer.from(values.buffer))).toBe(0);
  expect(reply.headers.get('content-length')).not.toBeNull();
});
