import { expect, it, vi } from 'vitest';
import { decodeTensorAnswer } from './decode-answer.ts';
import { encodeTensorCall } from './encode-call.ts';
import type { InputTensor } from './tensor.ts';

/** This machine has the low byte first; to the code it is one of the other order, so that everything is turned. */
vi.mock(import('./byte-order.ts'), async (original) => {
  const { littleEndian } = await original();
  return { littleEndian: (bytes, size) => littleEndian(bytes, size, false) };
});

const sent = (input: Omit<InputTensor, 'name'>): Uint8Array | undefined =>
  encodeTensorCall({ inputs: [{ name: 'x', ...input }] }).body[1];

it('numbers are turned, in whatever array', () => {
  expect(sent({ shape: [2], data: Uint16Array.of(1, 0x0203) })).toEqual(Uint8Array.of(0, 1, 2, 3));
  expect(sent({ shape: [1], data: Uint16Array.of(0x3c00), datatype: 'FP16' })).toEqual(Uint8Array.of(0x3c, 0));
  expect(sent({ shape: [], data: BigInt64Array.of(1n) })).toEqual(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 1));
});

it('bytes and texts have their order already', () => {
  const data = Uint8Array.of(1, 2, 3, 4);
  expect(sent({ shape: [1], data, datatype: 'FP32' })).toEqual(data);
  expect(sent({ shape: [4], data })).toEqual(data);
  expect(sent({ shape: [1], data: ['a'] })).toEqual(Uint8Array.of(1, 0, 0, 0, 0x61));
});

it.each([0, 1])('outputs are turned where they lie %i bytes off, and the answer is left alone', (spaces) => {
  const outputs = '[{"name":"y","datatype":"UINT16","shape":[2],"parameters":{"binary_data_size":4}}]';
  const head = new TextEncoder().encode(`{"model_name":"net","outputs":${outputs}}${' '.repeat(spaces)}`);
  const answer = Uint8Array.of(...head, 1, 0, 3, 2);
  const before = answer.slice();
  expect(decodeTensorAnswer(answer, head.length).outputs[0]?.data).toEqual(Uint16Array.of(0x0100, 0x0302));
  expect(answer).toEqual(before);
});
