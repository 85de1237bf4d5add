import { expect, test } from 'vitest';
import { changedOf, defaultsOf, fieldsOf } from './schema.ts';

const kindOf = (property: object): unknown => {
  const [field] = fieldsOf({ type: 'object', properties: { parameter: property } });
  const { name: _name, description: _description, default: _default, ...kind } = field!;
  return kind;
};

test('a fraction between two bounds is a slider with at most a hundred steps or so', () => {
  expect(kindOf({ type: 'number', minimum: 0, maximum: 1 })).toEqual({ kind: 'slider', min: 0, max: 1, step: 0.01 });
});

test('the step of a fraction is fine enough for its default', () => {
  expect(kindOf({ type: 'number', minimum: 0, maximum: 2, default: 0.25 })).toMatchObject({
    kind: 'slider',
    step: 0.01,
  });
  expect(kindOf({ type: 'number', minimum: 0, maximum: 10, default: 0.03 })).toMatchObject({
    kind: 'number',
    step: 0.01,
  });
});

test('a whole number with few values between its bounds is a slider', () => {
  expect(kindOf({ type: 'integer', minimum: 1, maximum: 200 })).toEqual({ kind: 'slider', min: 1, max: 200, step: 1 });
});

test('a number that a slider cannot set precisely is typed', () => {
  expect(kindOf({ type: 'integer', minimum: 320, maximum: 4096 })).toEqual({
    kind: 'number',
    min: 320,
    max: 4096,
    step: 1,
  });
});

test('the safe integers count as no bounds', () => {
  const unbounded = { type: 'integer', minimum: -9007199254740991, maximum: 9007199254740991 };
  expect(kindOf(unbounded)).toEqual({ kind: 'number', min: undefined, max: undefined, step: 1 });
});

test.each([
  [{ type: 'boolean' }, 'switch'],
  [{ type: 'string', enum: ['mask', 'cutout'] }, 'choice'],
  [{ type: 'string' }, 'text'],
  [{ type: 'array', items: { type: 'string' } }, 'texts'],
  [{ type: 'object', properties: {} }, 'json'],
  [{ anyOf: [{ type: 'string' }, { type: 'number' }] }, 'json'],
])('%j is edited as %s', (property, kind) => {
  expect(kindOf(property)).toMatchObject({ kind });
});

test('parameters without a default have none', () => {
  const properties = { first: { type: 'number', default: 0 }, second: { type: 'number' } };
  expect(defaultsOf({ properties })).toEqual({ first: 0 });
  expect(defaultsOf({})).toEqual({});
});

test('definitions that a schema points to are read in their place', () => {
  const schema = {
    $ref: '#/$defs/Input',
    $defs: {
      Input: { type: 'object', properties: { texts: { type: 'array', items: { $ref: '#/$defs/Text' } } } },
      Text: { type: 'string' },
    },
  };
  expect(fieldsOf(schema)).toMatchObject([{ name: 'texts', kind: 'texts' }]);
});

test('only values that differ from their defaults are sent', () => {
  const properties = { first: { type: 'number', default: 0.5 }, second: { type: 'boolean', default: true } };
  expect(changedOf({ properties }, { first: 0.5, second: false })).toEqual({ second: false });
  expect(changedOf({ properties }, { first: undefined, second: true })).toEqual({});
});

test('a schema that is none has no fields, and a property that makes no sense is edited as JSON', () => {
  for (const schema of [undefined, null, 5, 'x', [], { properties: 7 }, { $ref: 5 }])
    expect(fieldsOf(schema)).toEqual([]);
  const odd = {
    a: null,
    b: true,
    c: { enum: 'abc' },
    d: { $ref: 5 },
    e: { type: 'array', items: null },
    f: { description: {} },
  };
  expect(fieldsOf({ properties: odd }).map(({ kind, description }) => [kind, description])).toEqual(
    Object.keys(odd).map(() => ['json', '']),
  );
  const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`p${index}`, {}]));
  expect(fieldsOf({ properties: many }).length).toBeLessThanOrEqual(200);
});
