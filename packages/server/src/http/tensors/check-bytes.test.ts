import { expect, it } from 'vitest';
import { checkedTensor } from './check-bytes.ts';

it('looks at no more texts than it can in a moment', () => {
  const packed = new Uint8Array(4 * 1_000_001);
  expect(() => checkedTensor({ name: 'x', datatype: 'BYTES', shape: [1_000_001] }, packed)).toThrow(
    '1000001 texts are more than the 1000000 that one tensor may have.',
  );
  const most = checkedTensor({ name: 'x', datatype: 'BYTES', shape: [1_000_000] }, packed.subarray(4));
  expect(most.head.byteLength).toBe(4_000_000);
});

it('looks at every byte of BOOL', () => {
  const flags = new Uint8Array(1_000).fill(1);
  expect(checkedTensor({ name: 'x', datatype: 'BOOL', shape: [1_000] }, flags).bytes).toBe(flags);
  flags[999] = 2;
  expect(() => checkedTensor({ name: 'x', datatype: 'BOOL', shape: [1_000] }, flags)).toThrow(
    'a byte of BOOL is 0 or 1.',
  );
});
