import { describe, expect, it } from 'vitest';
import { PorticoError } from '../errors/portico-error.ts';
import { decodeTensorResult } from './decode-result.ts';

const about = '"model_name":"net","model_version":"3"';
const json = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A response whose values start at any offset, by spaces after the JSON. */
function response(outputs: string, binary: Uint8Array | number[] = [], spaces = 0): [Uint8Array, number] {
  const head = json(`{${about},"outputs":[${outputs}]}${' '.repeat(spaces)}`);
  return [Uint8Array.of(...head, ...binary), head.length];
}

const rejected = (bytes: Uint8Array, headLength: number | undefined): PorticoError => {
  try {
    decodeTensorResult(bytes, headLength, { status: 200, requestId: 'request-1' });
  } catch (error) {
    if (error instanceof PorticoError) return error;
    throw error;
  }
  throw new Error('it was read');
};

describe('binary data', () => {
  it('is read as the protocol specifies', () => {
    const outputs =
      '{"name":"a","datatype":"UINT32","shape":[2],"parameters":{"binary_data_size":8}},' +
      '{"name":"b","datatype":"BOOL","shape":[1,3],"parameters":{"binary_data_size":3}},' +
      '{"name":"c","datatype":"BYTES","shape":[2],"parameters":{"binary_data_size":10}},' +
      '{"name":"d","datatype":"FP64","shape":[],"parameters":{"binary_data_size":8}}';
    const binary = [
      1, 0, 0, 0, 0, 0, 0, 0x80, 1, 0, 1, 0, 0, 0, 0, 2, 0, 0, 0, 0xc3, 0xa9, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f,
    ];
    expect(decodeTensorResult(...response(outputs, binary))).toEqual({
      model: 'net',
      version: '3',
      outputs: [
        { name: 'a', datatype: 'UINT32', shape: [2], data: Uint32Array.of(1, 2 ** 31) },
        { name: 'b', datatype: 'BOOL', shape: [1, 3], data: Uint8Array.of(1, 0, 1) },
        { name: 'c', datatype: 'BYTES', shape: [2], data: ['', 'é'] },
        { name: 'd', datatype: 'FP64', shape: [], data: Float64Array.of(1) },
      ],
    });
  });

  const halves = '{"name":"y","datatype":"FP32","shape":[2],"parameters":{"binary_data_size":8}}';
  const binary = new Uint8Array(Float32Array.of(0.5, -2).buffer);

  it('is viewed in place, and copied where alignment does not allow it', () => {
    const copies = [0, 1, 2, 3].map((spaces) => {
      const [bytes, headLength] = response(halves, binary, spaces);
      const data = decodeTensorResult(bytes, headLength).outputs[0]?.data as Float32Array;
      expect(data).toEqual(Float32Array.of(0.5, -2));
      const isCopy = data.buffer !== bytes.buffer;
      expect(isCopy).toBe(headLength % 4 !== 0);
      return isCopy;
    });
    expect(copies.filter((isCopy) => !isCopy)).toHaveLength(1);
  });

  it('may come in an ArrayBuffer, and in a Buffer within a larger one', () => {
    const [bytes, headLength] = response(halves, binary);
    expect(decodeTensorResult(bytes.buffer as ArrayBuffer, headLength).outputs[0]?.data).toEqual(
      Float32Array.of(0.5, -2),
    );
    for (const before of [1, 2, 3, 4]) {
      const within = Buffer.concat([Buffer.alloc(before), bytes]).subarray(before);
      expect(decodeTensorResult(within, headLength).outputs[0]?.data).toEqual(Float32Array.of(0.5, -2));
    }
  });

  it('may be nothing', () => {
    const none = '{"name":"y","datatype":"INT64","shape":[0,4],"parameters":{"binary_data_size":0}}';
    expect(decodeTensorResult(...response(none)).outputs[0]?.data).toEqual(new BigInt64Array());
  });
});

describe('the JSON before the values', () => {
  it('may leave out the version, or write null', () => {
    const short = json('{"model_name":"net","model_version":null,"id":null,"outputs":[]}');
    expect(decodeTensorResult(short, undefined)).toEqual({ model: 'net', version: '', outputs: [] });
    expect(decodeTensorResult(json('{"model_name":"net","outputs":[]}'), undefined).version).toBe('');
  });
});

const output = (fields: string): string => `{"name":"y","datatype":"FP32",${fields}}`;
const eight = output('"shape":[2],"parameters":{"binary_data_size":8}');

describe('what cannot be used', () => {
  it.each<[what: string, bytes: Uint8Array, headLength: number | undefined, message: string]>([
    ['nothing', new Uint8Array(), undefined, 'its JSON cannot be read'],
    ['a page', json('<html>'), undefined, 'its JSON cannot be read'],
    ['JSON in another encoding', Uint8Array.of(0x22, 0xe9, 0x22), undefined, 'its JSON cannot be read'],
    ['JSON that ends elsewhere', response(eight, new Uint8Array(8))[0], 20, 'its JSON cannot be read'],
    ['binary data without its header', response(eight, new Uint8Array(8))[0], undefined, 'its JSON cannot be read'],
    ['null', json('null'), undefined, 'not an inference response'],
    ['another object', json('{"outputs":[]}'), undefined, 'not an inference response'],
    ['outputs that are none', json(`{${about},"outputs":{}}`), undefined, 'not an inference response'],
    [
      'a version that is no text',
      json('{"model_name":"n","model_version":1,"outputs":[]}'),
      undefined,
      'not an inference response',
    ],
    ['a length that is none', json('{}'), Number.NaN, 'the length of its JSON is not a number of bytes'],
    ['a negative length', json('{}'), -1, 'the length of its JSON is not a number of bytes'],
    ['an output that is none', ...response('null'), 'its output 0 lacks a name, a datatype or a shape'],
    ['a datatype that does not exist', ...response('{"name":"y","datatype":"FP8","shape":[]}'), 'its output 0 lacks'],
    ['a shape that is none', ...response(output('"shape":[-1]')), 'its output 0 lacks'],
    ['values in the JSON', ...response(output('"shape":[1],"data":[1.5]')), 'the size of output "y" is not'],
    [
      'a size that is none',
      ...response(output('"shape":[1],"parameters":{"binary_data_size":-4}')),
      'the size of output "y" is not',
    ],
    [
      'a size for others',
      ...response(output('"shape":[2],"parameters":{"binary_data_size":4}'), [0, 0, 0, 0]),
      'is not 2 values of FP32',
    ],
    [
      'a size within a value',
      ...response(output('"shape":[1],"parameters":{"binary_data_size":3}'), [0, 0, 0]),
      'is not 1 values of FP32',
    ],
    [
      'a size within a value of none',
      ...response(output('"shape":[0],"parameters":{"binary_data_size":3}'), [0, 0, 0]),
      'is not 0 values of FP32',
    ],
    ['bytes that belong to no output', ...response(eight, new Uint8Array(9)), '1 bytes at its end belong to no output'],
    ['no values', ...response(output('"shape":[1]')), 'the size of output "y" is not'],
    [
      'texts of another number',
      ...response('{"name":"y","datatype":"BYTES","shape":[2],"parameters":{"binary_data_size":4}}', [0, 0, 0, 0]),
      'is not 2 values of BYTES',
    ],
    [
      'texts that are none',
      ...response(
        '{"name":"y","datatype":"BYTES","shape":[1],"parameters":{"binary_data_size":5}}',
        [1, 0, 0, 0, 0xff],
      ),
      'is not 1 values of BYTES',
    ],
  ])('is an error that says why: %s', (_what, bytes, headLength, message) => {
    const error = rejected(bytes, headLength);
    expect(error).toMatchObject({ code: 'NETWORK', retryable: false, status: 200, requestId: 'request-1' });
    expect(error.message).toMatch(/^The response cannot be used: .*\.$/);
    expect(error.message).toContain(message);
  });

  it('is retryable if the end is missing', () => {
    const [whole, headLength] = response(eight, new Uint8Array(8));
    expect(rejected(whole.subarray(0, -1), headLength)).toMatchObject({
      code: 'NETWORK',
      retryable: true,
      message: `The response cannot be used: it announces ${whole.length} bytes but has ${whole.length - 1}.`,
    });
    expect(rejected(whole.subarray(0, 10), headLength).retryable).toBe(true);
    const huge = output(`"shape":[${2 ** 53 - 4}],"parameters":{"binary_data_size":${2 ** 53 - 1}}`);
    expect(rejected(...response(huge))).toMatchObject({ code: 'NETWORK', retryable: true });
  });
});
