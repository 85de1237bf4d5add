import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packTexts } from '@portico/server/internal/tensors/values';
import type { ServerProcess } from '../harness/server-process.ts';
import { datatypes, echo, sum } from './support/files.ts';
import { bytesOf, floats, infer, type Reply } from './support/infer.ts';
import { serve } from './support/serve.ts';

let server: ServerProcess;
beforeAll(async () => {
  const files = Object.entries(datatypes).map(([datatype, type]) => [`${datatype}.onnx`, echo(type)]);
  server = await serve({ ...Object.fromEntries(files), 'sum.onnx': sum() });
  await server.ready();
});
afterAll(() => server[Symbol.asyncDispose]());

/** Two values of each datatype, at the ends of its range, as JSON and as bytes. */
const values: Readonly<Record<string, readonly [json: string, bytes: Uint8Array]>> = {
  BOOL: ['[true,false]', Uint8Array.of(1, 0)],
  UINT8: ['[0,255]', Uint8Array.of(0, 255)],
  UINT16: ['[0,65535]', bytesOf(Uint16Array.of(0, 65_535))],
  UINT32: ['[0,4294967295]', bytesOf(Uint32Array.of(0, 4_294_967_295))],
  UINT64: ['[9007199254740993,18446744073709551615]', bytesOf(BigUint64Array.of(2n ** 53n + 1n, 2n ** 64n - 1n))],
  INT8: ['[-128,127]', bytesOf(Int8Array.of(-128, 127))],
  INT16: ['[-32768,32767]', bytesOf(Int16Array.of(-32_768, 32_767))],
  INT32: ['[-2147483648,2147483647]', bytesOf(Int32Array.of(-2_147_483_648, 2_147_483_647))],
  INT64: ['[-9223372036854775808,9223372036854775807]', bytesOf(BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n))],
  FP16: ['[-65504,0.333251953125]', bytesOf(Uint16Array.of(0xfbff, 0x3555))],
  FP32: ['[3.4028234663852886e+38,0.10000000149011612]', bytesOf(Float32Array.of(3.4028234663852886e38, 0.1))],
  FP64: ['[1.7976931348623157e+308,0.1]', bytesOf(Float64Array.of(Number.MAX_VALUE, 0.1))],
  BYTES: ['["","Grüße 🙂"]', packTexts(['', 'Grüße 🙂'])],
};
const cases = Object.entries(values).map(([datatype, [json, bytes]]) => ({ datatype, json, bytes }));

const ask = (datatype: string, data: string, binaryOutput = false): Promise<Reply> =>
  infer(
    server,
    datatype,
    `{"inputs":[{"name":"x","datatype":"${datatype}","shape":[1,2],"data":${data}}],"parameters":{"binary_data_output":${binaryOutput}}}`,
  );

const askBinary = (datatype: string, binary: Uint8Array, binaryOutput = false, shape = [1, 2]): Promise<Reply> =>
  infer(
    server,
    datatype,
    {
      inputs: [{ name: 'x', datatype, shape, parameters: { binary_data_size: binary.length } }],
      outputs: [{ name: 'y', parameters: { binary_data: binaryOutput } }],
    },
    { binary },
  );

describe.each(cases)('$datatype', ({ datatype, json, bytes }) => {
  it('comes back as it went, as JSON and as bytes, either way', async () => {
    for (const reply of [await ask(datatype, json), await askBinary(datatype, bytes)]) {
      expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
      expect(reply.text).toContain(`"shape":[1,2],"data":${json}`);
    }
    for (const reply of [await ask(datatype, json, true), await askBinary(datatype, bytes, true)]) {
      expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'application/octet-stream']);
      expect(reply.outputs).toMatchObject([{ name: 'y', datatype, shape: [1, 2] }]);
      expect(Buffer.compare(reply.outputs[0]?.bytes ?? Buffer.alloc(0), bytes)).toBe(0);
    }
  });

  it('may be empty', async () => {
    const reply = await askBinary(datatype, new Uint8Array(), false, [0, 2]);
    expect([reply.status, reply.outputs[0]]).toEqual([200, { name: 'y', datatype, shape: [0, 2], data: [] }]);
  });

  it('refuses a value of another kind', async () => {
    const { status, json: answer } = await ask(datatype, '[{},[1]]');
    expect([status, answer.error]).toEqual([400, `Input "x": element 0, an object, is not a valid ${datatype}.`]);
  });
});

describe('whole numbers', () => {
  it.each([
    ['UINT8', '256'],
    ['UINT8', '-1'],
    ['INT8', '128'],
    ['INT16', '-32769'],
    ['UINT32', '4294967296'],
    ['INT32', '0.5'],
    ['INT32', '"1"'],
    ['INT64', '9223372036854775808'],
    ['INT64', '1.5'],
    ['UINT64', '-1'],
    ['UINT64', '18446744073709551616'],
    ['UINT64', '"1e3"'],
    ['BOOL', '2'],
    ['FP16', '65520'],
    ['FP32', '3.5e38'],
    ['FP64', '1e999'],
    ['FP64', '"1"'],
    ['BYTES', '12345678901234567890'],
    ['BYTES', 'null'],
  ])('%s does not hold %s', async (datatype, value) => {
    const { status, json } = await ask(datatype, `[${value},${value}]`);
    expect([status, json.error]).toEqual([
      400,
      expect.stringMatching(new RegExp(`^Input "x": element 0, .*, is not a valid ${datatype}\\.$`)),
    ]);
  });

  it('of 64 bits may come as texts, and keep their digits beside other long numbers', async () => {
    const inputs = '{"name":"x","datatype":"INT64","shape":[1,2],"data":[["-9007199254740993"],[9007199254740993]]}';
    const { text } = await infer(server, 'INT64', `{"id":"\\"1234567890123456789","inputs":[${inputs}]}`);
    expect(text).toContain('"data":[-9007199254740993,9007199254740993]');
    expect(text).toContain('"id":"\\"1234567890123456789"');
  });
});

describe('what JSON has no number for', () => {
  it.each(['FP16', 'FP32', 'FP64'])('travels as text in %s', async (datatype) => {
    const { text } = await ask(datatype, '["NaN","-Infinity"]');
    expect(text).toContain('"data":["NaN","-Infinity"]');
  });

  it.each(['FP16', 'FP32', 'FP64'])('is taken bare in %s, as Python writes it', async (datatype) => {
    for (const data of ['[NaN,-Infinity]', '[[NaN, -Infinity]]', '[NaN,"-Infinity"]']) {
      const { text } = await ask(datatype, data);
      expect(text).toContain('"data":["NaN","-Infinity"]');
    }
  });

  it.each(['BOOL', 'INT32', 'INT64', 'BYTES'])('is no value of %s', async (datatype) => {
    const { status, json } = await ask(datatype, '[NaN,NaN]');
    expect([status, json.error]).toEqual([400, `Input "x": element 0, NaN, is not a valid ${datatype}.`]);
  });

  it('may be anything that the protocol ignores', async () => {
    const inputs = '[{"name":"x","datatype":"FP32","shape":[1,2],"data":[1,2],"parameters":{"mine":NaN}}]';
    const { status } = await infer(server, 'FP32', `{"parameters":{"temperature":Infinity},"inputs":${inputs}}`);
    expect(status).toBe(200);
  });

  it('comes out of a model as text too', async () => {
    const { outputs } = await askBinary('FP32', bytesOf(Float32Array.of(Infinity, 1)));
    expect(outputs[0]?.data).toEqual(['Infinity', 1]);
  });
});

it('nested arrays are taken row by row', async () => {
  const data = [[[1, 2], [3]], 4, [[[5]], 6]];
  const { outputs } = await infer(server, 'FP32', { inputs: [{ name: 'x', datatype: 'FP32', shape: [3, 2], data }] });
  expect(outputs[0]).toMatchObject({ shape: [3, 2], data: [1, 2, 3, 4, 5, 6] });
});

describe('several tensors', () => {
  const a = { name: 'a', datatype: 'FP32', shape: [2] };
  const b = { name: 'b', datatype: 'FP32', shape: [1] };
  const binary = { parameters: { binary_data_size: 8 } };

  it('may be mixed: some as JSON, some as bytes, in any order', async () => {
    const reply = await infer(
      server,
      'sum',
      {
        id: '42',
        inputs: [
          { ...b, data: [10] },
          { ...a, ...binary },
        ],
        outputs: [{ name: 'same', parameters: { binary_data: true } }, { name: 'sum' }],
      },
      { binary: bytesOf(Float32Array.of(1, 2)) },
    );
    expect(reply.json['id']).toBe('42');
    expect(reply.outputs.map(({ name }) => name)).toEqual(['same', 'sum']);
    expect(floats(reply.outputs[0]?.bytes)).toEqual([1, 2]);
    expect(reply.outputs[1]?.data).toEqual([11, 12]);
  });

  it('are cut from the binary data in the order of the inputs', async () => {
    const reply = await infer(
      server,
      'sum',
      {
        inputs: [
          { ...b, parameters: { binary_data_size: 4 } },
          { ...a, ...binary },
        ],
        parameters: { binary_data_output: true },
        outputs: [{ name: 'sum' }],
      },
      { binary: bytesOf(Float32Array.of(10, 1, 2)) },
    );
    expect(reply.outputs).toHaveLength(1);
    expect(floats(reply.outputs[0]?.bytes)).toEqual([11, 12]);
  });
});
