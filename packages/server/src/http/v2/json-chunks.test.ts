import fc from 'fast-check';
import { expect, it } from 'vitest';
import { chunksOf } from './json-chunks.ts';

const maxBytes = 1024 * 1024;
const flat = (values: unknown): unknown => (Array.isArray(values) ? values.flat(Infinity) : values);

/** The values in all chunks, or undefined where one of them is no JSON. */
function read(json: string, chunkBytes: number): unknown[] | undefined {
  try {
    return [...chunksOf(Buffer.from(json), maxBytes, chunkBytes)].flatMap(
      (chunk) => flat(JSON.parse(chunk)) as unknown[],
    );
  } catch {
    return undefined;
  }
}

const leaf = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.string(),
  fc.constant(null),
);
const { list } = fc.letrec((tie) => ({
  list: fc.array(fc.oneof({ withCrossShrink: true }, leaf, tie('list')), { maxLength: 5 }),
}));

it('The chunks of an array have its values', () => {
  fc.assert(
    fc.property(list, fc.integer({ min: 0, max: 9 }), fc.constantFrom(undefined, 1), (values, chunkBytes, indent) => {
      expect(read(JSON.stringify(values, undefined, indent), chunkBytes)).toEqual(
        flat(JSON.parse(JSON.stringify(values))),
      );
    }),
    { numRuns: 1_000 },
  );
});

it('What is no JSON as a whole is none in chunks', () => {
  const mark = fc.constantFrom('[', ']', ',', '"', ' ', '1', '\\', '-', '');
  fc.assert(
    fc.property(
      list,
      fc.array(fc.tuple(fc.nat(), mark, fc.nat({ max: 2 }))),
      fc.nat({ max: 9 }),
      (values, edits, size) => {
        let text = JSON.stringify(values);
        for (const [at, insert, remove] of edits.slice(0, 3)) {
          const place = 1 + (at % text.length);
          text = `${text.slice(0, place)}${insert}${text.slice(place + remove)}`;
        }
        let whole: unknown;
        try {
          whole = flat(JSON.parse(text));
        } catch {
          whole = undefined;
        }
        // A value that is no array is for whoever takes the chunks to refuse.
        fc.pre(whole === undefined || Array.isArray(whole));
        expect(read(text, size)).toEqual(whole);
      },
    ),
    { numRuns: 5_000 },
  );
});

it('Objects and very long texts are refused', () => {
  expect(() => [...chunksOf(Buffer.from('[1,{"a":1}]'), maxBytes)]).toThrow('contains an object');
  expect(() => [...chunksOf(Buffer.from(`["${'a'.repeat(1024 * 1024 - 4)}"]`), maxBytes)]).not.toThrow();
  expect(() => [...chunksOf(Buffer.from(`["${'a'.repeat(1024 * 1024 + 1)}"]`), maxBytes)]).toThrow(
    'longer than 1024 KiB',
  );
});

it('A text or a list that follows another value is refused before anything is parsed', () => {
  for (const data of ['[1"a"]', '["a""b"]', '[1111111111111111""""]', '[["a"]["b"]]', '[["a"]"b"]', '[1[2]]', '[1]"a"'])
    expect(() => chunksOf(Buffer.from(data), maxBytes).next()).toThrow('not valid JSON');
});
