import type { TensorSignature } from '@portico/schemas';
import { describe, expect, it } from 'vitest';
import type { RawTensor } from '../../tensors/raw-tensor.ts';
import { packTexts } from '../../tensors/values.ts';
import { readRows, rowsFromTensors, tensorsFromRows } from './tensor-rows.ts';

const signature: TensorSignature = {
  inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 2] }],
  outputs: [{ name: 'y', datatype: 'FP32', shape: [-1, 2] }],
};

it.each(['{}', '[]', '""', '{"x":0}'])(
  'a megabyte of %s, which would take too long to parse at once, is refused',
  async (instance) => {
    const body = Buffer.from(
      `{"instances":[${Array(Math.floor(1_000_000 / (instance.length + 1)))
        .fill(instance)
        .join(',')}]}`,
    );
    await expect(readRows(body, signature)).rejects.toMatchObject({ code: 'TOO_LARGE' });
  },
);

it('a megabyte of numbers is parsed', async () => {
  const body = Buffer.from(`{"instances":[${Array(200_000).fill('0.25').join(',')}]}`);
  expect(await readRows(body, signature)).toHaveLength(200_000);
});

it('bare NaN and infinities are values, also where a row is one value', async () => {
  const read = async (json: string, shape: readonly number[]) => {
    const one: TensorSignature = { ...signature, inputs: [{ name: 'x', datatype: 'FP32', shape: [...shape] }] };
    const [x] = await tensorsFromRows((await readRows(Buffer.from(json), one)) ?? [], one);
    return [...new Float32Array(Uint8Array.from(x?.bytes ?? []).buffer)];
  };
  expect(await read('{"instances":[[NaN,1],[-Infinity,2]]}', [-1, 2])).toEqual([NaN, 1, -Infinity, 2]);
  expect(await read('{"instances":[NaN,{"x":Infinity}]}', [-1])).toEqual([NaN, Infinity]);
});

it('a megabyte of bare NaN, which would take too long to parse at once, is refused', async () => {
  const body = Buffer.from(`{"instances":[${Array(200_000).fill('NaN').join(',')}]}`);
  await expect(readRows(body, signature)).rejects.toThrow('The JSON has more than 20000 times NaN or Infinity.');
});

describe.each([[[3]], [[5_000]], [[2, 3]], [[3, 0]], [[2, 5_000]], [[2, 3, 4_097]], [[4_097, 1, 2]]])(
  'the shape %j',
  (shape) => {
    const count = shape.reduce((product, length) => product * length, 1);
    const numbers = Float32Array.from({ length: count }, (_, index) => index);
    const texts = [...numbers].map((number) => `"${number}"`);
    const head = { name: 'y', datatype: 'FP32', shape, byteLength: numbers.byteLength } as const;
    const floats: RawTensor = { head, bytes: new Uint8Array(numbers.buffer) };
    const packed = packTexts(texts);
    const strings: RawTensor = {
      head: { name: 's', datatype: 'BYTES', shape, byteLength: packed.byteLength },
      bytes: packed,
    };

    it.each([
      ['one output of numbers', [floats], nested([...numbers], shape)],
      ['one output of texts', [strings], nested(texts, shape)],
      [
        'several outputs',
        [floats, strings],
        nested([...numbers], shape).map((y, row) => ({ y, s: nested(texts, shape)[row] })),
      ],
    ])('is written as rows of %s', async (_what, outputs, predictions) => {
      const written = await rowsFromTensors(outputs, shape[0] ?? 0);
      expect(JSON.parse(written.toString())).toEqual({ predictions });
    });
  },
);

function nested(values: readonly unknown[], [length = 0, ...rest]: readonly number[]): unknown[] {
  const step = rest.reduce((product, axis) => product * axis, 1);
  return Array.from({ length }, (_, index) =>
    rest.length === 0 ? values[index] : nested(values.slice(index * step, (index + 1) * step), rest),
  );
}
