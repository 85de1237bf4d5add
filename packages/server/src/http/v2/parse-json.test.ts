import { expect, it } from 'vitest';
import { bytesFromJson, bytesFromParsed } from './json-values.ts';
import { NonFinite, parseExactly, parseJson } from './parse-json.ts';

const nan = new NonFinite(NaN);

it('bare NaN and infinities are values of their own, wherever they stand', () => {
  expect(parseJson('NaN')).toEqual(nan);
  expect(parseJson('[NaN,[ -Infinity ],{"a":Infinity,"b":NaN}, 1]')).toEqual([
    nan,
    [new NonFinite(-Infinity)],
    { a: new NonFinite(Infinity), b: nan },
    1,
  ]);
  expect(parseExactly('[NaN,12345678901234567890]')).toEqual([nan, '12345678901234567890']);
});

it('texts that look like them stay texts', () => {
  expect(parseJson(String.raw`["NaN","a,NaN,b","\"NaN",NaN,{"NaN":-Infinity,"__proto__":NaN}]`)).toEqual([
    'NaN',
    'a,NaN,b',
    '"NaN',
    nan,
    Object.assign(JSON.parse('{"__proto__":0}'), { NaN: new NonFinite(-Infinity), ['__proto__']: nan }),
  ]);
  expect(Object.getPrototypeOf(parseJson('{"__proto__":NaN}'))).toBe(Object.prototype);
});

it.each([
  '[nan]',
  '[Inf]',
  '[-NaN]',
  '[+Infinity]',
  '[NaN1]',
  '[1NaN]',
  '[NaN',
  '[NaN,]',
  '[1.NaN]',
  '[--Infinity]',
  '[NaN"]',
])('%s is no JSON', (json) => {
  expect(() => parseJson(json)).toThrow('The body is not valid JSON.');
});

it('of very deep JSON only so much is looked at as a tensor may have', () => {
  const deep = `${'['.repeat(20_000)}NaN${']'.repeat(20_000)}`;
  expect(parseJson(deep)).toBeInstanceOf(Array);
});

it('floats take them, and nothing else does', async () => {
  const json = '[NaN,[-Infinity,Infinity]]';
  for (const datatype of ['FP16', 'FP32', 'FP64'] as const) {
    const tensor = { name: 'x', datatype, shape: [3] };
    const bytes = bytesFromParsed(tensor, ['NaN', '-Infinity', 'Infinity']);
    expect(Buffer.compare(bytes, bytesFromParsed(tensor, parseJson(json)))).toBe(0);
    expect(Buffer.compare(bytes, await bytesFromJson(tensor, Buffer.from(json)))).toBe(0);
  }
  for (const datatype of ['BOOL', 'INT32', 'UINT64', 'BYTES'] as const) {
    const tensor = { name: 'x', datatype, shape: [3] };
    const message = `Input "x": element 0, NaN, is not a valid ${datatype}.`;
    expect(() => bytesFromParsed(tensor, parseJson(json))).toThrow(message);
    await expect(bytesFromJson(tensor, Buffer.from(json))).rejects.toThrow(message);
  }
});

it('they are found in every chunk of long data', async () => {
  const tensor = { name: 'x', datatype: 'FP32', shape: [30_000] } as const;
  const values = Array.from({ length: 30_000 }, (_, index) => (index % 9_000 === 8_999 ? 'NaN' : index));
  const bytes = await bytesFromJson(tensor, Buffer.from(`[${values.join(', ')}]`));
  expect(Buffer.compare(bytes, bytesFromParsed(tensor, values))).toBe(0);
});
