import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readFloats } from './float-arrays.ts';

const read = (json: string, length: number, overflow = Infinity): Float64Array | undefined => {
  const values = new Float64Array(length);
  return readFloats(Buffer.from(json), values, overflow) ? values : undefined;
};

/** What JSON.parse returns, if that is as many numbers. */
function parsed(json: string, length: number): Float64Array | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  if (!Array.isArray(value) || value.length !== length) return undefined;
  const numbers = value.filter((one) => typeof one === 'number' && Number.isFinite(one));
  return numbers.length === length ? Float64Array.from(numbers) : undefined;
}

const digits = (maxLength: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength }).map((all) => all.join(''));
const decimal = fc
  .tuple(
    fc.constantFrom('', '-', '+'),
    digits(25),
    fc.option(digits(30)),
    fc.option(fc.integer({ min: -330, max: 330 })),
  )
  .map(([sign, whole, part, exponent]) => {
    const leading = whole.replace(/^0+(?=\d)/, '');
    return `${sign}${leading}${part === null ? '' : `.${part}`}${exponent === null ? '' : `e${exponent}`}`;
  });
const number = fc.oneof(decimal, fc.double({ noNaN: true }).map(String), fc.float({ noNaN: true }).map(String));
const space = fc.constantFrom('', ' ', '\n', '\t\r ');
const array = fc
  .array(fc.tuple(space, number, space), { minLength: 1, maxLength: 12 })
  .map((items) => ({ json: `[${items.map((item) => item.join('')).join(',')}]`, length: items.length }));

it('reads every array of numbers as JSON.parse does, and no other', () => {
  fc.assert(
    fc.property(array, ({ json, length }) => {
      expect(read(json, length)).toEqual(parsed(json, length));
      expect(read(json, length + 1)).toBeUndefined();
    }),
    { numRuns: 3_000 },
  );
});

it.each(
  '[|[1|[1,|[1,]|[,1]|[1 2]|[01]|[-01]|[1.]|[.5]|[1e]|[1e+]|[+1]|[-]|[--1]|[1]]|[1],|[1] x|["1"]|[[1]]|[true]|[null]|[NaN]|[Infinity]|[0x1]|[1_0]|[]| [1]|'.split(
    '|',
  ),
)('leaves %j to others', (json) => {
  expect(read(json, 1)).toBeUndefined();
});

it('reads floats of 32 bits as JSON.parse does, and rounds once', () => {
  const digitsOfDoubles = fc.double({ noNaN: true, noDefaultInfinity: true, min: -4e38, max: 4e38 }).map(String);
  // Half-way between two floats, and next to it.
  const halves = fc
    .tuple(
      fc.float({ noNaN: true, noDefaultInfinity: true, min: 2 ** -20, max: 2 ** 20 }),
      fc.integer({ min: -3, max: 3 }),
    )
    .map(([value, steps]) => String(value * (1 + 2 ** -24) * (1 + steps * 2 ** -53)));
  const one = fc.oneof(decimal, digitsOfDoubles, halves);
  fc.assert(
    fc.property(fc.array(one, { minLength: 1, maxLength: 12 }), (numbers) => {
      const json = `[${numbers.join(',')}]`;
      const values = new Float32Array(numbers.length);
      if (!readFloats(Buffer.from(json), values, 2 ** 128 - 2 ** 103)) return;
      expect(values).toEqual(Float32Array.from(JSON.parse(json) as number[]));
    }),
    { numRuns: 3_000 },
  );
});

it('keeps the sign of zero, and refuses what overflows', () => {
  expect(Object.is(read('[-0.0]', 1)?.[0], -0)).toBe(true);
  expect(read('[3e38,4e38]', 2, 2 ** 128 - 2 ** 103)).toBeUndefined();
  expect(read('[-1e999]', 1)).toBeUndefined();
});
