import { afterAll, beforeAll, expect, it } from 'vitest';
import { RawConnection } from '../doors/support/raw-connection.ts';
import { metric } from '../harness/metric.ts';
import type { ServerProcess } from '../harness/server-process.ts';
import { chosenRows, echo, lookUp, plus, sum } from './support/files.ts';
import { bytesOf, infer, type Reply, send } from './support/infer.ts';
import { serve } from './support/serve.ts';

let server: ServerProcess;
beforeAll(async () => {
  const files = { 'sum.onnx': sum(), 'plus.onnx': plus(1), 'texts.onnx': echo('string'), 'flags.onnx': echo('bool') };
  server = await serve({ ...files, 'chosen.onnx': chosenRows(), 'look-up.onnx': lookUp() }, { MAX_UPLOAD_MB: '1' });
  await server.ready();
});
afterAll(() => server[Symbol.asyncDispose]());

const x = { name: 'x', datatype: 'FP32', shape: [1, 2], data: [1, 2] };
const plusTakes = 'The model expects "x" as FP32[-1,2].';
const binary = (size: unknown, more: object = {}): object => ({
  inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 2], parameters: { binary_data_size: size }, ...more }],
});

it.each<[what: string, head: unknown, error: string | RegExp]>([
  ['nothing', '', 'The body is empty.'],
  ['no JSON', '{"inputs":', 'The body is not valid JSON.'],
  [
    'a word that is no value',
    '{"inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":[nan,1]}]}',
    'The body is not valid JSON.',
  ],
  [
    'NaN as the name of a tensor',
    '{"inputs":[{"name":NaN,"datatype":"FP32","shape":[0],"data":[]}]}',
    /^inputs\.0\.name: /,
  ],
  ['no object', '[]', /^body: /],
  ['no inputs', {}, /^inputs: /],
  ['inputs that are none', { inputs: [1] }, /^inputs\.0: /],
  ['an unknown input', { inputs: [x, { ...x, name: 'z' }] }, `Unknown input "z". ${plusTakes}`],
  ['a missing input', { inputs: [] }, `Input "x" is missing. ${plusTakes}`],
  ['an input twice', { inputs: [x, x] }, 'Input "x" is named twice.'],
  [
    'another datatype',
    { inputs: [{ ...x, datatype: 'INT32' }] },
    'Input "x" is INT32[1,2]; the model expects FP32[-1,2].',
  ],
  ['BF16', { inputs: [{ ...x, datatype: 'BF16' }] }, 'Input "x" is BF16[1,2]; the model expects FP32[-1,2].'],
  ['a datatype that does not exist', { inputs: [{ ...x, datatype: 'FP8' }] }, /^inputs\.0\.datatype: .*FP64/],
  ['another length', { inputs: [{ ...x, shape: [2, 1] }] }, 'Input "x" is FP32[2,1]; the model expects FP32[-1,2].'],
  ['another rank', { inputs: [{ ...x, shape: [2] }] }, 'Input "x" is FP32[2]; the model expects FP32[-1,2].'],
  ['a negative length', { inputs: [{ ...x, shape: [-1, 2] }] }, /^inputs\.0\.shape\.0: /],
  ['a broken length', { inputs: [{ ...x, shape: [1.5, 2] }] }, /^inputs\.0\.shape\.0: /],
  [
    'far too many axes',
    { inputs: [{ ...x, shape: Array.from({ length: 65 }, () => 1) }] },
    /^inputs\.0\.shape: Too big: expected array to have <=64/,
  ],
  ['too few values', { inputs: [{ ...x, data: [1] }] }, 'Input "x": its shape has 2 elements, but 1 were sent.'],
  [
    'too many values',
    { inputs: [{ ...x, data: [1, 2, 3] }] },
    'Input "x": its shape has 2 elements, but more were sent.',
  ],
  ['values that are none', { inputs: [{ ...x, data: ['a', 'b'] }] }, 'Input "x": element 0, "a", is not a valid FP32.'],
  [
    'null, which JSON writers make of NaN',
    { inputs: [{ ...x, data: [null, 1] }] },
    'Input "x": element 0, null, is not a valid FP32. If it was NaN or infinite, send "NaN" or "Infinity", or binary data.',
  ],
  ['data that is no array', { inputs: [{ ...x, data: 1 }] }, 'Input "x": its data is not an array.'],
  [
    'no data',
    { inputs: [{ ...x, data: undefined }] },
    'Input "x" needs either data or the parameter binary_data_size.',
  ],
  ['data twice', binary(8, { data: [1, 2] }), 'Input "x" needs either data or the parameter binary_data_size.'],
  ['a negative size', binary(-1), /^inputs\.0\.parameters\.binary_data_size: /],
  ['bytes that do not come', binary(8), 'Input "x": 2 elements of FP32 take 8 bytes, but 0 were sent.'],
  ['an unknown output', { inputs: [x], outputs: [{ name: 'z' }] }, 'Unknown output "z". The model returns "y".'],
  ['an output twice', { inputs: [x], outputs: [{ name: 'y' }, { name: 'y' }] }, 'Output "y" is named twice.'],
  [
    'classification',
    { inputs: [x], outputs: [{ name: 'y', parameters: { classification: 1 } }] },
    /Classification is not supported/,
  ],
  [
    'shared memory',
    { inputs: [{ ...x, parameters: { shared_memory_region: 'a' } }] },
    /Shared memory is not supported/,
  ],
  ['a sequence', { inputs: [x], parameters: { sequence_id: 7 } }, /Sequences are not supported/],
  ['a timeout that is none', { inputs: [x], parameters: { timeout: 'soon' } }, /^parameters\.timeout: /],
  ['an id that is no text', { id: 1, inputs: [x] }, /^id: /],
])('%s is refused before an engine is asked', async (_what, head, error) => {
  const runs = await metric(server, 'portico_batch_size_count', { model: 'tensors/plus:1' });
  const reply = await infer(server, 'plus', head);
  expect([reply.status, Object.keys(reply.json)]).toEqual([400, ['error']]);
  expect(reply.headers.get('x-error-code')).toBe('BAD_INPUT');
  expect(reply.json.error).toMatch(error);
  expect(await metric(server, 'portico_batch_size_count', { model: 'tensors/plus:1' })).toBe(runs);
});

it('unknown parameters and unused words are left alone', async () => {
  const parameters = { priority: 1, sequence_id: 0, sequence_start: false, mine: 'yes' };
  const reply = await infer(server, 'plus', { inputs: [{ ...x, parameters: { mine: 1 } }], parameters, more: [] });
  expect([reply.status, reply.outputs[0]?.data]).toEqual([200, [2, 3]]);
});

it.each<[what: string, ask: () => Promise<Reply>, error: string]>([
  [
    'more bytes than were announced',
    () => infer(server, 'plus', binary(8), { binary: new Uint8Array(9) }),
    'The inputs declare 8 bytes of binary data, but 9 were sent.',
  ],
  [
    'a size that is not the shape',
    () => infer(server, 'plus', binary(4), { binary: new Uint8Array(4) }),
    'Input "x": 2 elements of FP32 take 8 bytes, but 4 were sent.',
  ],
  [
    'JSON longer than the body',
    () =>
      infer(server, 'plus', binary(8), {
        binary: new Uint8Array(8),
        headers: { 'inference-header-content-length': '9999' },
      }),
    'Inference-Header-Content-Length is 9999, but the body has 101 bytes.',
  ],
  [
    'a length of JSON that is none',
    () => infer(server, 'plus', binary(8), { headers: { 'inference-header-content-length': '-1' } }),
    'Inference-Header-Content-Length is not a number of bytes.',
  ],
  [
    'texts without an end',
    () => asBinary('texts', 'BYTES', Uint8Array.of(9, 0, 0, 0, 97)),
    'Input "x": each string of BYTES must follow its length in four little-endian bytes.',
  ],
  [
    'texts of another number',
    () => asBinary('texts', 'BYTES', Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0)),
    'Input "x": its shape has 1 elements, but 2 were sent.',
  ],
  [
    'bytes that are no text',
    () => asBinary('texts', 'BYTES', Uint8Array.of(1, 0, 0, 0, 255)),
    'Input "x": its strings are not valid UTF-8.',
  ],
  [
    'far too many texts',
    () =>
      infer(
        server,
        'texts',
        { inputs: [{ name: 'x', datatype: 'BYTES', shape: [1, 200_000_000], parameters: { binary_data_size: 4 } }] },
        { binary: new Uint8Array(4) },
      ),
    'The upload is larger than 1 MiB (MAX_UPLOAD_MB).',
  ],
  [
    'a byte that is no BOOL',
    () => asBinary('flags', 'BOOL', Uint8Array.of(2)),
    'Input "x": a BOOL must be a byte of 0 or 1.',
  ],
  [
    'binary data alone for two inputs',
    () => send(server, 'sum', new Uint8Array(8), { headers: { 'inference-header-content-length': '0' } }),
    'Binary data without JSON needs a model with one input; this has 2.',
  ],
  [
    'binary data alone that ends within a row',
    () => send(server, 'plus', new Uint8Array(12), { headers: { 'inference-header-content-length': '0' } }),
    'Input "x": 2 elements of FP32 take 8 bytes, but 12 were sent.',
  ],
])('%s is refused', async (_what, ask, error) => {
  const reply = await ask();
  const [status, code] = error.includes('MAX_UPLOAD_MB') ? [413, 'TOO_LARGE'] : [400, 'BAD_INPUT'];
  expect([reply.status, reply.headers.get('x-error-code'), reply.json]).toEqual([status, code, { error }]);
});

it.each([
  ['an unknown model', 'GET', '/v2/models/none', 404, 'NOT_FOUND'],
  ['an unknown path', 'GET', '/v2/nowhere', 404, 'NOT_FOUND'],
  ['another method', 'DELETE', '/v2/models/plus', 405, 'METHOD_NOT_ALLOWED'],
  ['a path that cannot be read', 'GET', '/v2/%zz', 400, 'BAD_INPUT'],
])("%s is refused in the protocol's format, and a header has the code", async (_what, method, path, status, code) => {
  const response = await fetch(server.url + path, { method });
  expect([response.status, response.headers.get('x-error-code')]).toEqual([status, code]);
  expect(await response.json()).toEqual({ error: expect.any(String) });
});

it('a body that the parser rejects is refused like any other', async () => {
  using connection = await RawConnection.open(server.port);
  const headers = { 'transfer-encoding': 'chunked', 'x-request-id': 'no-chunk' };
  connection.request('POST /v2/models/plus/infer', headers, 'no chunk\r\n');
  const answer = await connection.answer();
  expect([answer.status, JSON.parse(answer.body)]).toEqual([400, { error: 'The request is not valid HTTP.' }]);
  expect(answer.headers).toMatchObject({ 'x-error-code': 'BAD_INPUT', 'x-request-id': 'no-chunk' });
  expect(answer.headers['content-type']).toBe('application/json');
});

it('a success has no code, nor has any response of the other protocols', async () => {
  const answered = await infer(server, 'plus', { inputs: [x] });
  expect([answered.status, answered.headers.has('x-error-code')]).toEqual([200, false]);
  const elsewhere = await fetch(`${server.url}/v20`);
  expect([elsewhere.status, elsewhere.headers.has('x-error-code')]).toEqual([404, false]);
});

const asBinary = (model: string, datatype: string, bytes: Uint8Array): Promise<Reply> =>
  infer(
    server,
    model,
    { inputs: [{ name: 'x', datatype, shape: [1, 1], parameters: { binary_data_size: bytes.length } }] },
    { binary: bytes },
  );

it("what only the model can detect is the client's error too", async () => {
  const index = { name: 'index', datatype: 'INT64', shape: [1], data: [9] };
  const outOfRange = await infer(server, 'look-up', { inputs: [index] });
  expect(outOfRange.status).toBe(400);
  expect(outOfRange.json.error).toMatch(
    /^The model cannot take these inputs: indices element out of data bounds, idx=9/,
  );
  const lengths = {
    inputs: [
      { name: 'a', datatype: 'FP32', shape: [3], data: [1, 2, 3] },
      { name: 'b', datatype: 'FP32', shape: [2], data: [1, 2] },
    ],
  };
  const misfit = await infer(server, 'sum', lengths);
  expect(misfit.status).toBe(400);
  expect(misfit.json.error).toMatch(/^The model cannot take these inputs: Attempting to broadcast/);
  expect((await infer(server, 'look-up', { inputs: [{ ...index, data: [1] }] })).outputs[0]?.data).toEqual([20]);
});

it('shapes larger than an upload are refused before anything is allocated for them', async () => {
  const reply = await infer(server, 'plus', { inputs: [{ ...x, shape: [1_000_000_000_000, 2] }] });
  expect([reply.status, reply.json.error]).toEqual([413, 'The upload is larger than 1 MiB (MAX_UPLOAD_MB).']);
});

it('arrays within arrays have an end', async () => {
  const nested = `${'['.repeat(100)}1${']'.repeat(100)}`;
  const reply = await infer(
    server,
    'plus',
    `{"inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":${nested}}]}`,
  );
  expect([reply.status, reply.json.error]).toEqual([400, 'Input "x": its data is nested too deeply.']);
  const endless = await infer(server, 'plus', '['.repeat(1_000_001));
  expect(endless.status).toBe(400);
  const big = bytesOf(new Uint8Array(1_048_577));
  expect((await send(server, 'plus', big)).status).toBe(413);
});
