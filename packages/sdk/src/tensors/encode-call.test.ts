import { runInNewContext } from 'node:vm';
import { expect, describe, it } from 'vitest';
import { encodeTensorCall, type TensorCall } from './encode-call.ts';
import type { InputTensor, InputValues } from './tensor.ts';

interface Sent {
  readonly head: {
    readonly inputs: readonly { readonly datatype: string; readonly shape: readonly number[] }[];
    readonly outputs?: unknown;
  };
  readonly values: Uint8Array;
}

/** What is sent, as a server finds it. */
async function sent(call: TensorCall): Promise<Sent> {
  const { body, headLength } = encodeTensorCall(call);
  const bytes = await new Blob([...body]).arrayBuffer();
  const head = JSON.parse(new TextDecoder().decode(bytes.slice(0, headLength))) as Sent['head'];
  return { head, values: new Uint8Array(bytes, headLength) };
}

const one = (data: unknown, more: object = {}): TensorCall => ({
  inputs: [{ name: 'x', shape: [2], data: data as InputValues, ...more }],
});

it('is the JSON of the protocol and the values after it, in order', async () => {
  const inputs = [
    { name: 'b', shape: [1, 2], data: Int16Array.of(1, -2) },
    { name: 'a', shape: [], data: Float32Array.of(1) },
    { name: 'texts', shape: [2], data: ['', 'né'] },
  ];
  const { head, values } = await sent({ inputs });
  expect(head).toEqual({
    inputs: [
      { name: 'b', datatype: 'INT16', shape: [1, 2], parameters: { binary_data_size: 4 } },
      { name: 'a', datatype: 'FP32', shape: [], parameters: { binary_data_size: 4 } },
      { name: 'texts', datatype: 'BYTES', shape: [2], parameters: { binary_data_size: 11 } },
    ],
    parameters: { binary_data_output: true },
  });
  const texts = [0, 0, 0, 0, 3, 0, 0, 0, 0x6e, 0xc3, 0xa9];
  expect(values).toEqual(Uint8Array.of(1, 0, 0xfe, 0xff, 0, 0, 0x80, 0x3f, ...texts));
});

it('names the outputs to return, and counts the JSON in bytes', async () => {
  const { head } = await sent({ inputs: [], outputs: ['größe', 'b'] });
  expect(head.outputs).toEqual([{ name: 'größe' }, { name: 'b' }]);
});

/** In place of what Node 20 lacks. */
class Float16Array extends Uint16Array {
  override get [Symbol.toStringTag](): 'Uint16Array' {
    return 'Float16Array' as 'Uint16Array';
  }
}

describe('the datatype', () => {
  it.each([
    ['INT8', Int8Array.of(-1, 1)],
    ['UINT8', Uint8Array.of(0, 255)],
    ['UINT8', Uint8ClampedArray.of(0, 255)],
    ['INT16', Int16Array.of(-1, 1)],
    ['UINT16', Uint16Array.of(0, 1)],
    ['INT32', Int32Array.of(-1, 1)],
    ['UINT32', Uint32Array.of(0, 1)],
    ['INT64', BigInt64Array.of(-1n, 1n)],
    ['UINT64', BigUint64Array.of(0n, 1n)],
    ['FP16', Float16Array.of(0x3555, 0xfbff)],
    ['FP32', Float32Array.of(0.5, -1)],
    ['FP64', Float64Array.of(0.5, -1)],
  ])('is %s by itself', async (datatype, data) => {
    const { head, values } = await sent(one(data));
    expect(head.inputs[0]?.datatype).toBe(datatype);
    expect(values).toEqual(new Uint8Array(data.buffer));
  });

  it.each([
    ['BOOL', Uint8Array.of(0, 1)],
    ['FP16', Uint16Array.of(0x3555, 0xfbff)],
    ['BF16', Uint16Array.of(0x3f80, 0xbf80)],
    ['FP32', new Uint8Array(Float32Array.of(0.5, -1).buffer)],
    ['INT64', new Uint8Array(16)],
    ['BYTES', Uint8Array.of(0, 0, 0, 0, 1, 0, 0, 0, 0x61)],
    ['FP64', Float64Array.of(1, 2)],
  ])('is %s where that is said', async (datatype, data) => {
    const { head, values } = await sent(one(data, { datatype }));
    expect(head.inputs[0]?.datatype).toBe(datatype);
    expect(values).toEqual(new Uint8Array(data.buffer));
  });
});

describe('values', () => {
  it('may lie within a larger buffer, and are not copied', () => {
    const all = Float32Array.of(1, 2, 3, 4);
    const { body } = encodeTensorCall(one(all.subarray(1, 3)));
    expect(body[1]?.buffer).toBe(all.buffer);
    expect(body[1]).toEqual(new Uint8Array(Float32Array.of(2, 3).buffer));
  });

  it('may be a Buffer', async () => {
    expect((await sent(one(Buffer.from([7, 8])))).values).toEqual(Uint8Array.of(7, 8));
  });

  it('are copied from memory that a Blob would refuse', () => {
    const shared = new Uint8Array(new SharedArrayBuffer(2));
    shared.set([7, 8]);
    const resizable = Reflect.construct(ArrayBuffer, [2, { maxByteLength: 4 }]) as ArrayBuffer;
    new Uint8Array(resizable).set([7, 8]);
    for (const data of [shared, new Uint8Array(resizable)]) {
      const { body } = encodeTensorCall(one(data));
      expect(body[1]).toEqual(Uint8Array.of(7, 8));
      expect(body[1]?.buffer).not.toBe(data.buffer);
    }
  });

  it('may be of another realm', async () => {
    const data: unknown = runInNewContext('Float32Array.of(1, 2)');
    const { head, values } = await sent(one(data));
    expect(head.inputs[0]?.datatype).toBe('FP32');
    expect(values).toEqual(new Uint8Array(Float32Array.of(1, 2).buffer));
    expect((await sent(one(runInNewContext('["a", "b"]')))).head.inputs[0]?.datatype).toBe('BYTES');
  });

  it('may be none, or one without an axis', async () => {
    expect((await sent(one(new Float32Array(), { shape: [3, 0] }))).values).toEqual(new Uint8Array());
    expect((await sent(one([], { shape: [0] }))).values).toEqual(new Uint8Array());
    expect((await sent(one(Uint8Array.of(7), { shape: [] }))).head.inputs[0]?.shape).toEqual([]);
  });
});

const wrongShape = 'Input "x": its shape must be an array of whole numbers from 0.';

describe('is rejected before anything is sent', () => {
  it.each<[what: string, call: unknown, message: string]>([
    ['no inputs', {}, 'inputs must be an array of tensors.'],
    ['null as an input', { inputs: [null] }, 'Every input needs a name.'],
    ['no name', { inputs: [{ shape: [], data: ['a'] }] }, 'Every input needs a name.'],
    ['an empty name', one(['a', 'b'], { name: '' }), 'Every input needs a name.'],
    [
      'a name twice',
      { inputs: [...one(['a', 'b']).inputs, ...one(['a', 'b']).inputs] },
      'The input "x" is named twice.',
    ],
    ['an output twice', { inputs: [], outputs: ['y', 'y'] }, 'The output "y" is named twice.'],
    ['an output without a name', { inputs: [], outputs: [''] }, 'outputs must be an array of names.'],
    ['outputs that are not an array', { inputs: [], outputs: 'y' }, 'outputs must be an array of names.'],
    ['no shape', one(['a', 'b'], { shape: undefined }), wrongShape],
    ['a negative length', one(['a', 'b'], { shape: [-1, 2] }), wrongShape],
    ['a fractional length', one(['a', 'b'], { shape: [0.5, 4] }), wrongShape],
    ['a length beyond counting', one(['a', 'b'], { shape: [2 ** 53] }), wrongShape],
    ['a length that is not a number', one(['a', 'b'], { shape: [2n] }), wrongShape],
    ['too few values', one(Float32Array.of(1)), 'Input "x": its shape has 2 values, but its data has 1.'],
    ['too many values', one(new Float64Array(3)), 'Input "x": its shape has 2 values, but its data has 3.'],
    ['too few texts', one(['a']), 'Input "x": its shape has 2 texts, but its data has 1.'],
    [
      'too few bytes',
      one(new Uint8Array(7), { datatype: 'FP32' }),
      'Input "x": 2 values of FP32 are 8 bytes, but its data has 7.',
    ],
    [
      'an array of numbers',
      one([1, 2]),
      /element 0 is not a text; pass numbers as a typed array, such as Float32Array\.from/,
    ],
    ['half a character', one(['a', '\ud83d']), /element 1 has half of a surrogate pair/],
    [
      'a DataView',
      one(new DataView(new ArrayBuffer(2))),
      /typed array or texts, but this is a value of type DataView\.$/,
    ],
    ['an ArrayBuffer', one(new ArrayBuffer(2)), /a value of type ArrayBuffer\.$/],
    [
      'what only looks like an array',
      one({ [Symbol.toStringTag]: 'Float32Array', byteLength: 8 }),
      /a value of type Float32Array/,
    ],
    ['nothing', one(undefined), /a value of type Undefined\.$/],
    ['a datatype that does not exist', one(['a', 'b'], { datatype: 'FP8' }), 'Input "x": there is no datatype "FP8".'],
    [
      'a name of every object',
      one(['a', 'b'], { datatype: 'toString' }),
      'Input "x": there is no datatype "toString".',
    ],
    ['another array', one(Float64Array.of(1, 2), { datatype: 'FP32' }), 'Input "x": Float64Array cannot hold FP32.'],
    [
      'numbers for BYTES',
      one(Float32Array.of(1, 2), { datatype: 'BYTES' }),
      'Input "x": Float32Array cannot hold BYTES.',
    ],
    [
      'signed bits of halves',
      one(Int16Array.of(1, 2), { datatype: 'FP16' }),
      'Input "x": Int16Array cannot hold FP16.',
    ],
    ['halves for BF16', one(Float16Array.of(1, 2), { datatype: 'BF16' }), 'Input "x": Float16Array cannot hold BF16.'],
    [
      'clamped bytes for others',
      one(new Uint8ClampedArray(8), { datatype: 'FP32' }),
      'Input "x": Uint8ClampedArray cannot hold FP32.',
    ],
    ['texts for numbers', one(['1', '2'], { datatype: 'FP32' }), 'Input "x": an array of texts is BYTES, not FP32.'],
    ['a BOOL of 2', one(Uint8Array.of(1, 2), { datatype: 'BOOL' }), 'Input "x": each byte of BOOL must be 0 or 1.'],
    [
      'packed texts without an end',
      one(Uint8Array.of(9, 0, 0, 0), { datatype: 'BYTES' }),
      /each text after its length in four bytes\.$/,
    ],
    [
      'packed texts of another number',
      one(new Uint8Array(4), { datatype: 'BYTES' }),
      'Input "x": its shape has 2 texts, but its data has 1.',
    ],
  ] as [string, unknown, string][])('%s', (_what, call, message) => {
    const encode = (): unknown => encodeTensorCall(call as TensorCall);
    expect(encode).toThrow(expect.objectContaining({ name: 'PorticoError', code: 'BAD_INPUT', retryable: false }));
    expect(encode).toThrow(message);
  });
});

it('takes back what a model gave', () => {
  const given: InputTensor = { name: 'y', datatype: 'FP16', shape: [1], data: Uint16Array.of(1) };
  expect(encodeTensorCall({ inputs: [given] }).body[1]).toEqual(Uint8Array.of(1, 0));
});
