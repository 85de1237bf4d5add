import { serverTransformer, transformer } from '@portico/api';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readValue, writeValue } from './values.ts';

/** What travels through HTTP. */
const sent = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value;

const leaf = fc.oneof(
  fc.string(),
  fc.boolean(),
  fc.constant(null),
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

test('what is written here is read by the server', () => {
  fc.assert(
    fc.property(anything, (value) => {
      expect(serverTransformer.deserialize(sent(writeValue(value)))).toEqual(value);
    }),
    { numRuns: 1_000 },
  );
});

test("what the server's SuperJSON writes is read here", () => {
  fc.assert(
    fc.property(anything, (value) => {
      expect(readValue(sent(transformer.serialize(value)) as never)).toEqual(value);
    }),
    { numRuns: 1_000 },
  );
});

test('a field that is undefined is left out, an element of a list stays in its place', () => {
  expect(writeValue({ a: undefined, b: 1 })).toEqual({ json: { b: 1 } });
  const list = sent(writeValue([undefined, 2])) as never;
  expect(serverTransformer.deserialize(list)).toEqual([undefined, 2]);
  expect(readValue(sent(transformer.serialize({ a: undefined })) as never)).toEqual({ a: undefined });
  expect(readValue(sent(transformer.serialize(undefined)) as never)).toBeUndefined();
});

test.each([() => {}, Symbol('a'), /a/, new Error('a'), new Date(0), 1n, new Map(), new Set(), { deep: [new Blob()] }])(
  '%s cannot be sent',
  (value) => {
    expect(() => writeValue(value)).toThrow('cannot be sent: it is of type');
  },
);

test('annotations cannot lead outside the value', () => {
  const hostile = JSON.parse('{"json":{},"meta":{"values":{"__proto__.polluted":["Date"]},"v":1}}') as never;
  expect(() => readValue(hostile)).toThrow('do not match');
  expect({}).not.toHaveProperty('polluted');
});
