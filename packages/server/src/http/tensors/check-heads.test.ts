import type { TensorSignature } from '@portico/schemas';
import { expect, it } from 'vitest';
import { checkInputHeads, checkOutputNames } from './check-heads.ts';

const signature: TensorSignature = {
  inputs: [
    { name: 'a', datatype: 'FP32', shape: [-1, 3] },
    { name: 'b', datatype: 'INT64', shape: [] },
  ],
  outputs: [{ name: 'y', datatype: 'FP32', shape: [-1] }],
};
const a = { name: 'a', datatype: 'FP32', shape: [2, 3] } as const;
const b = { name: 'b', datatype: 'INT64', shape: [] } as const;

it('takes what the model takes, in any order and of any length along a free axis', () => {
  expect(() => checkInputHeads([b, a], signature)).not.toThrow();
  expect(() => checkInputHeads([{ ...a, shape: [0, 3] }, b], signature)).not.toThrow();
});

it('says what the model takes', () => {
  expect(() => checkInputHeads([a], signature)).toThrow(
    'Input "b" is missing. The model takes "a" as FP32[-1,3], "b" as INT64[].',
  );
  expect(() => checkInputHeads([{ ...a, shape: [2, 3, 1] }, b], signature)).toThrow(
    'Input "a" is FP32[2,3,1], the model takes FP32[-1,3].',
  );
});

it('cuts a name that is too long to read', () => {
  expect(() => checkOutputNames([{ name: 'z'.repeat(10_000) }], signature)).toThrow(
    /^There is no output "z{100}"; the model gives "y"\.$/,
  );
});
