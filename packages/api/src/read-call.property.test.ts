import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readCall } from './read-call.ts';
import { transformer } from './transformer.ts';

const sent = (value: unknown): unknown => JSON.parse(JSON.stringify(transformer.serialize(value)));

const leaf = fc.oneof(
  fc.string(),
  fc.boolean(),
  fc.constant(null),
  fc.constant(undefined),
  fc.double(),
  fc.uint8Array({ maxLength: 5 }),
  fc.float32Array({ maxLength: 5, noNaN: true }),
  fc.bigInt64Array({ maxLength: 3 }),
);
const name = fc.oneof(fc.string({ maxLength: 4 }), fc.constantFrom('a.b', 'a\\', '\\.', '', '0', 'toString'));
const { value: anything } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(
      name.filter((key) => key !== '__proto__'),
      tie('value'),
      { maxKeys: 4 },
    ),
  ),
}));

test('what SuperJSON writes of the values of contracts is read as SuperJSON reads it', () => {
  fc.assert(
    fc.property(anything, (value) => {
      const call = sent(value);
      expect(readCall(structuredClone(call))).toEqual(transformer.deserialize(call as never));
    }),
    { numRuns: 1_000 },
  );
});

test('an object that is sent twice is there twice', () => {
  const data = Float32Array.of(1, 2);
  const options = { deep: [1] };
  expect(readCall(sent({ inputs: [{ data }, { data }], options, again: options }))).toEqual({
    inputs: [{ data }, { data }],
    options,
    again: options,
  });
});

test.each<[string, unknown, unknown]>([
  ['a bigint', '1'.repeat(1_000), ['bigint']],
  ['a regular expression', '/a/', ['regexp']],
  ['a URL', 'http://a/', ['URL']],
  ['a date', '2026-01-01T00:00:00.000Z', ['Date']],
  ['a map', [], ['map']],
  ['a set', [], ['set']],
  ['an error', { name: 'Error', message: 'a' }, ['Error']],
  ['a symbol', 'a', [['symbol', 'a']]],
  ['an instance of a class', {}, [['class', 'a']]],
  ['a typed array of its own kind', [1, 2], [['typed-array', 'Float64Array']]],
  ['something of its own', {}, [['custom', 'other']]],
  ['a value inside another', 'a', [['custom', 'bytes'], { a: ['undefined'] }]],
  ['bytes that are no text', 5, [['custom', 'bytes']]],
  ['a number of many digits', '1'.repeat(1_000), ['number']],
  ['no kind', 'a', []],
])('%s is refused before it is built', (_what, file, note) => {
  for (const call of [
    { json: { file }, meta: { values: { file: note } } },
    { json: file, meta: { values: note } },
  ]) {
    expect(() => readCall(call)).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
  }
});

test('annotations are few, their paths are short and lead somewhere', () => {
  const list = (count: number) => ({
    json: Array.from({ length: count }, () => null),
    meta: { values: Object.fromEntries(Array.from({ length: count }, (_, index) => [index, ['undefined']])) },
  });
  expect(readCall(list(1_000))).toHaveLength(1_000);
  const inputs = Array.from({ length: 1_000 }, () => ({ data: undefined }));
  expect(readCall(sent({ inputs }))).toEqual({ inputs });
  expect(() => readCall(list(1_001))).toThrow('At most 1000');
  for (const path of ['.a'.repeat(1_000), '__proto__.a', 'constructor', 'a.b', 'json', '0'])
    expect(() => readCall({ json: { a: 1 }, meta: { values: { [path]: ['undefined'] } } })).toThrow('valid tRPC call');
  for (const call of [null, 5, [], 'a', { meta: 5, json: 1 }, { json: 1, meta: { values: 'a' } }])
    expect(() => readCall(call)).toThrow('valid tRPC call');
});

test('the paths of all annotations are short together', () => {
  const named = (length: number) => {
    const name = 'a'.repeat(length);
    return { json: { [name]: 1 }, meta: { values: { [name]: ['undefined'] } } };
  };
  expect(() => readCall(named(16 * 1024))).not.toThrow();
  expect(() => readCall(named(16 * 1024 + 1))).toThrow('at most 16384 characters together');
});

test('a value is annotated once, however its path is written', () => {
  const values = { 'a\\b.c': ['undefined'], '\\ab.\\c': ['undefined'] };
  expect(() => readCall({ json: { ab: { c: 1 } }, meta: { values } })).toThrow('annotated twice');
});
