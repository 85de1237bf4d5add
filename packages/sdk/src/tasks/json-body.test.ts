import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonText } from './json-body.ts';

const endless: unknown[] = [];
endless.push({ again: endless });
class Point {
  x = 1;
}

test.each([
  ['NaN', { rows: [1, Number.NaN] }, 'input.rows.1', 'JSON has no NaN'],
  ['an infinite number', Number.POSITIVE_INFINITY, 'input', 'JSON has no Infinity'],
  ['a typed array', { values: new Float32Array(1) }, 'input.values', 'a value of type Float32Array'],
  ['a date', [new Date()], 'input.0', 'a value of type Date'],
  ['a map', { map: new Map() }, 'input.map', 'a value of type Map'],
  ['an instance', { point: new Point() }, 'input.point', 'a value of type Point'],
  ['a text as an object', { text: Object('text') as unknown }, 'input.text', 'a value of type String'],
  ['a function', { texts: ['a', () => {}] }, 'input.texts.1', 'a value of type Function'],
  ['a function for JSON', { toJSON: () => 'another' }, 'input.toJSON', 'a value of type Function'],
  ['a large integer', { count: 1n }, 'input.count', 'a value of type BigInt'],
  ['a symbol', [Symbol('a')], 'input.0', 'a value of type Symbol'],
  ['a promise', { text: Promise.resolve('a') }, 'input.text', 'a promise: await it first'],
  ['a file', { picture: new Blob() }, 'input.picture', 'a value of type Blob'],
  ['what a list lacks', [1, , 2], 'input.1', 'undefined'], // oxlint-disable-line no-sparse-arrays
  ['nothing', undefined, 'input', 'undefined'],
  ['a value that holds itself', endless, 'input.0.again', 'it contains itself'],
])('%s is refused with its path', (_name, value, path, why) => {
  expect(() => jsonText('input', value)).toThrow(`The value at ${path} cannot be sent as JSON: `);
  expect(() => jsonText('input', value)).toThrow(why);
});

test('what JSON can say arrives as it is, whatever it is', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(jsonText('input', value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test.each([
  ['a field that is undefined is left out', { a: 1, b: undefined }, '{"a":1}'],
  ['an object without a prototype', Object.assign(Object.create(null) as object, { a: 1 }), '{"a":1}'],
  ['an object of another realm', runInNewContext('({ a: [1, null] })') as unknown, '{"a":[1,null]}'],
  [
    'an object that is there twice',
    [endless.length, ...Array.from({ length: 2 }, () => ({ a: 1 }))],
    '[1,{"a":1},{"a":1}]',
  ],
  ['an object behind a proxy', new Proxy({ a: [1] }, {}), '{"a":[1]}'],
])('%s', (_name, value, text) => {
  expect(jsonText('input', value)).toBe(text);
});
