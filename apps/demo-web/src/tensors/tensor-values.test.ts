import { describe, expect, it } from 'vitest';
import { fillValues, parseValues, shapeText, valueTexts } from './tensor-values.ts';

describe('typed values', () => {
  it('are read with and without brackets, separated by commas, spaces and lines', () => {
    const values = Float32Array.of(1, -2.5, 3, 4e-2);
    for (const text of ['[[1, -2.5], [3, 4e-2]]', '1 -2.5 3 0.04', '1,-2.5\n3,0.04\n']) {
      expect(parseValues('FP32', [2, 2], text)).toEqual(values);
    }
  });

  it('become the typed array of the datatype', () => {
    expect(parseValues('UINT8', [2], '0 255')).toEqual(Uint8Array.of(0, 255));
    expect(parseValues('FP64', [1], '0.1')).toEqual(Float64Array.of(0.1));
    expect(parseValues('FP16', [1], '1')).toEqual(Uint16Array.of(0x3c00));
    expect(parseValues('BOOL', [4], 'true false 1 0')).toEqual(Uint8Array.of(1, 0, 1, 0));
  });

  it('keep every digit of 64 bits', () => {
    expect(parseValues('INT64', [2], '9007199254740993 -9223372036854775808')).toEqual(
      BigInt64Array.of(9_007_199_254_740_993n, -(2n ** 63n)),
    );
    expect(parseValues('UINT64', [1], '18446744073709551615')).toEqual(BigUint64Array.of(2n ** 64n - 1n));
  });

  it('may be infinite, or no number at all, where floats may', () => {
    expect(parseValues('FP32', [3], '["NaN", Infinity, "-Infinity"]')).toEqual(
      Float32Array.of(Number.NaN, Infinity, -Infinity),
    );
  });

  it('of a scalar are one', () => {
    expect(parseValues('FP32', [], '7')).toEqual(Float32Array.of(7));
  });

  it('may be texts: as JSON, or a line each', () => {
    expect(parseValues('BYTES', [2], '["a, b", "c"]')).toEqual(['a, b', 'c']);
    expect(parseValues('BYTES', [2], 'a, b\nc')).toEqual(['a, b', 'c']);
  });
});

describe('values that cannot be taken', () => {
  it.each([
    ['FP32', [2], '1', 'There is 1 value; the shape 2 takes 2.'],
    ['FP32', [1, 1], '1 2 3', 'There are 3 values; the shape 1 × 1 takes 1.'],
    ['FP32', [2], '1 two', 'Value 2 is two: expected a number.'],
    ['INT32', [1], '1.5', 'Value 1 is 1.5: expected a whole number.'],
    ['UINT8', [1], '256', 'Value 1 is 256: UINT8 goes from 0 to 255.'],
    ['BOOL', [1], 'yes', 'Value 1 is yes: expected true or false.'],
    ['BYTES', [1], '[1]', 'This is not a JSON array of texts. Write one, or a text per line.'],
    ['BYTES', [1], '["a"', 'This is not a JSON array of texts. Write one, or a text per line.'],
  ] as const)('say what is wrong: %s %j %s', (datatype, shape, text, message) => {
    expect(() => parseValues(datatype, shape, text)).toThrow(message);
  });
});

describe('a fill', () => {
  it('is of the datatype', () => {
    expect(fillValues('FP32', 2, 'zeros')).toEqual(Float32Array.of(0, 0));
    expect(fillValues('INT64', 2, 'ones')).toEqual(BigInt64Array.of(1n, 1n));
    expect(fillValues('FP16', 1, 'ones')).toEqual(Uint16Array.of(0x3c00));
    expect(fillValues('BYTES', 2, 'zeros')).toEqual(['', '']);
  });

  it('at random is below 1 for floats, and a small whole number otherwise', () => {
    expect(fillValues('FP32', 1, 'random', () => 0.5)).toEqual(Float32Array.of(0.5));
    expect(fillValues('INT32', 1, 'random', () => 0.999)).toEqual(Int32Array.of(9));
    expect(fillValues('BOOL', 1, 'random', () => 0.999)).toEqual(Uint8Array.of(1));
  });
});

describe('a shape', () => {
  it('is shown with what may have any length', () => {
    expect(shapeText([-1, 3, 224, 224])).toBe('any × 3 × 224 × 224');
    expect(shapeText([])).toBe('scalar');
  });
});

describe('values on the screen', () => {
  it('are what the model returned, floats to six digits', () => {
    expect(valueTexts('FP32', Float32Array.of(0.1, 1 / 3, 1e-9, Number.NaN), 4)).toEqual([
      '0.1',
      '0.333333',
      '1e-9',
      'NaN',
    ]);
    expect(valueTexts('FP16', Uint16Array.of(0x3c00, 0x2e66), 2)).toEqual(['1', '0.0999756']);
    expect(valueTexts('INT64', BigInt64Array.of(9_007_199_254_740_993n), 1)).toEqual(['9007199254740993']);
    expect(valueTexts('BOOL', Uint8Array.of(1, 0), 2)).toEqual(['true', 'false']);
    expect(valueTexts('BYTES', ['a "b"', 'c'], 1)).toEqual(['"a \\"b\\""']);
  });
});
