import type { TensorSignature } from '@portico/schemas';
import { expect, it } from 'vitest';
import { checkedTensor, checkInputHeads, checkOutputNames } from './tensors.ts';

const signature: TensorSignature = {
  inputs: [
    { name: 'a', datatype: 'FP32', shape: [-1, 3] },
    { name: 'b', datatype: 'INT64', shape: [] },
  ],
  outputs: [{ name: 'y', datatype: 'FP32', shape: [-1] }],
};
const a = { name: 'a', datatype: 'FP32', shape: [2, 3] } as const;
const b = { name: 'b', datatype: 'INT64', shape: [] } as const;

it('accepts what the model expects, in any order and of any length along a free axis', () => {
  expect(() => checkInputHeads([b, a], signature)).not.toThrow();
  expect(() => checkInputHeads([{ ...a, shape: [0, 3] }, b], signature)).not.toThrow();
});

it('says what the model expects', () => {
  expect(() => checkInputHeads([a], signature)).toThrow(
    'Input "b" is missing. The model expects "a" as FP32[-1,3], "b" as INT64[].',
  );
  expect(() => checkInputHeads([{ ...a, shape: [2, 3, 1] }, b], signature)).toThrow(
    'Input "a" is FP32[2,3,1]; the model expects FP32[-1,3].',
  );
});

it('cuts a name that is too long to read', () => {
  expect(() => checkOutputNames([{ name: 'z'.repeat(10_000) }], signature)).toThrow(
    /^Unknown output "z{100}"\. The model returns "y"\.$/,
  );
});

it('looks at no more strings than it can in a moment', async () => {
  const packed = new Uint8Array(4 * 1_000_001);
  await expect(checkedTensor({ name: 'x', datatype: 'BYTES', shape: [1_000_001] }, packed)).rejects.toThrow(
    '1000001 strings exceed the limit of 1000000 per tensor.',
  );
  const most = await checkedTensor({ name: 'x', datatype: 'BYTES', shape: [1_000_000] }, packed.subarray(4));
  expect(most.head.byteLength).toBe(4_000_000);
});

it('looks at every byte of BOOL', async () => {
  const flags = new Uint8Array(1_000).fill(1);
  expect((await checkedTensor({ name: 'x', datatype: 'BOOL', shape: [1_000] }, flags)).bytes).toBe(flags);
  flags[999] = 2;
  await expect(checkedTensor({ name: 'x', datatype: 'BOOL', shape: [1_000] }, flags)).rejects.toThrow(
    'a BOOL must be a byte of 0 or 1.',
  );
});
