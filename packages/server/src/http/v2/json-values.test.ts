import { expect, it } from 'vitest';
import { checkedTensor } from '../input/tensors.ts';
import { packTexts } from '../../tensors/values.ts';
import { bytesFromJson, bytesFromParsed, jsonFromBytes } from './json-values.ts';

const throughJson = (datatype: 'FP16' | 'FP32' | 'FP64', values: readonly unknown[]): string => {
  const head = { name: 'x', datatype, shape: [values.length], byteLength: 0 };
  return [...jsonFromBytes({ head, bytes: bytesFromParsed(head, values) })].join('');
};

it('keeps the sign of zero', () => {
  for (const datatype of ['FP16', 'FP32', 'FP64'] as const) {
    expect(throughJson(datatype, [-0, 0, 1.5])).toBe('[-0.0,0,1.5]');
    expect(throughJson(datatype, [-0, '-Infinity'])).toBe('[-0.0,"-Infinity"]');
  }
});

it('refuses texts that would reach the model as others', async () => {
  const texts = { name: 'x', datatype: 'BYTES', shape: [1] } as const;
  expect(() => bytesFromParsed(texts, ['a\ud800b'])).toThrow(/is not a valid BYTES/);
  await expect(checkedTensor(texts, packTexts(['a\0b']))).rejects.toThrow(/code 0/);
  expect((await checkedTensor(texts, bytesFromParsed(texts, ['😀']))).bytes).toHaveLength(8);
});

it('reads and writes many values in turns as it does few', async () => {
  const rows = Array.from({ length: 30_000 }, (_, row) => [[row, -row - 1], [], [row + 0.5, 'NaN']]);
  const tensor = { name: 'x', datatype: 'FP64', shape: [30_000, 4] } as const;
  const bytes = await bytesFromJson(tensor, Buffer.from(JSON.stringify(rows)));
  expect(Buffer.compare(bytes, bytesFromParsed(tensor, rows))).toBe(0);
  const text = [...jsonFromBytes({ head: { ...tensor, byteLength: bytes.length }, bytes })].join('');
  expect(text).toBe(JSON.stringify(rows.flat(2)));

  const longs = { name: 'x', datatype: 'INT64', shape: [20_000] } as const;
  const digits = Array.from({ length: 20_000 }, (_, index) => String(2n ** 62n + BigInt(index)));
  const exact = await bytesFromJson(longs, Buffer.from(`[${digits.join(', ')}]`));
  expect([...jsonFromBytes({ head: { ...longs, byteLength: exact.length }, bytes: exact })].join('')).toBe(
    `[${digits.join(',')}]`,
  );

  const words = Array.from({ length: 40_000 }, (_, index) => `"${'ü'.repeat(index % 50)}\\${index}`);
  const texts = { name: 'x', datatype: 'BYTES', shape: [40_000] } as const;
  const packed = await bytesFromJson(texts, Buffer.from(JSON.stringify(words)));
  expect([...jsonFromBytes({ head: { ...texts, byteLength: packed.length }, bytes: packed })].join('')).toBe(
    JSON.stringify(words),
  );
});

it('names the element that is wrong among many', async () => {
  const tensor = { name: 'x', datatype: 'FP32', shape: [20_000] } as const;
  const read = (data: string) => bytesFromJson(tensor, Buffer.from(data));
  const many = '1,'.repeat(19_998);
  await expect(read(`[${many}"a",1]`)).rejects.toThrow('Input "x": element 19998, "a", is not a valid FP32.');
  await expect(read(`[${many}1]`)).rejects.toThrow('its shape has 20000 elements, but 19999 were sent.');
  await expect(read(`[${many}1,1,1]`)).rejects.toThrow('its shape has 20000 elements, but more were sent.');
  await expect(read(`[${many}1,1`)).rejects.toThrow('not valid JSON');
  await expect(read(`"a"`)).rejects.toThrow('its data is not an array.');
});

it('writes a long text in parts', () => {
  const parts = (texts: readonly string[]) => {
    const bytes = packTexts(texts);
    const head = { name: 'x', datatype: 'BYTES', shape: [texts.length], byteLength: bytes.length } as const;
    return [...jsonFromBytes({ head, bytes })];
  };
  for (const character of ['a', 'ü', '数', '🙂', '\u0001', '"'])
    for (const start of ['', 'a', 'ab', 'abc']) {
      const texts = ['b', '', `${start}${character.repeat(300_000)}`, '', `${character.repeat(200_000)}c`, 'd'];
      expect(parts(texts).join('')).toBe(JSON.stringify(texts));
    }
  expect(Math.max(...parts(['a'.repeat(2 ** 22)]).map(({ length }) => length))).toBeLessThan(2 ** 17 + 10);
});

it('refuses a number of more than 64 KiB, but not a text', async () => {
  const text = JSON.stringify('1'.repeat(64 * 1024));
  const read = (datatype: 'INT64' | 'BYTES') =>
    bytesFromJson({ name: 'x', datatype, shape: [1] }, Buffer.from(`[${text}]`));
  await expect(read('INT64')).rejects.toThrow('A value in the JSON is longer than 64 KiB.');
  await expect(read('BYTES')).resolves.toHaveLength(4 + 64 * 1024);
});
