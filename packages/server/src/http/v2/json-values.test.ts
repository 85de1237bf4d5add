import { expect, it } from 'vitest';
import { checkedTensor } from '../input/tensors.ts';
import { packTexts } from '../../tensors/values.ts';
import { bytesFromJson, jsonFromBytes } from './json-values.ts';

const throughJson = (datatype: 'FP16' | 'FP32' | 'FP64', values: readonly unknown[]): string => {
  const announced = { name: 'x', datatype, shape: [values.length] };
  return jsonFromBytes(checkedTensor(announced, bytesFromJson(announced, values)));
};

it('keeps the sign of zero', () => {
  for (const datatype of ['FP16', 'FP32', 'FP64'] as const) {
    expect(throughJson(datatype, [-0, 0, 1.5])).toBe('[-0.0,0,1.5]');
    expect(throughJson(datatype, [-0, '-Infinity'])).toBe('[-0.0,"-Infinity"]');
  }
});

it('refuses texts that would reach the model as others', () => {
  const texts = { name: 'x', datatype: 'BYTES', shape: [1] } as const;
  expect(() => bytesFromJson(texts, ['a\ud800b'])).toThrow(/is not a valid BYTES/);
  expect(() => checkedTensor(texts, packTexts(['a\0b']))).toThrow(/code 0/);
  expect(checkedTensor(texts, bytesFromJson(texts, ['😀'])).bytes).toHaveLength(8);
});
