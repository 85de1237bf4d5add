import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { field, ofField, ofTask } from './testing-contracts.ts';

describe('outputs', () => {
  test('a field that is gone breaks readers, a new one is more', () => {
    const output = z.object({ f: z.string() });
    expect(ofTask({ output }, {})).toEqual([`major: ${field} is gone`]);
    expect(ofTask({}, { output })).toEqual([`minor: ${field} is new`]);
    expect(ofTask({}, { output: output.partial() })).toEqual([`minor: ${field} is new`]);
    expect(ofTask({}, { output: z.object({ version: z.literal(1) }) })).toEqual([
      'minor: task count output.version is new',
    ]);
  });

  test.each<[z.ZodType, z.ZodType, string]>([
    [z.string(), z.string().optional(), 'is optional now'],
    [z.string(), z.string().nullable(), 'null is allowed too'],
    [z.enum(['a']), z.enum(['a', 'b']), '"b" is allowed too'],
    [z.enum(['a']), z.string(), 'string is allowed too'],
    [z.number().max(1), z.number().max(2), 'at most 1 became at most 2'],
    [z.number().max(1), z.number(), 'at most 1 became any most'],
    [z.string().max(1), z.unknown(), 'anything is allowed too'],
  ])('%# widened: breaks readers; narrowed: is more', (narrow, wide, what) => {
    expect(ofField(narrow, wide)).toContain(`major: ${field} ${what}`);
    expect(ofField(wide, narrow)).toEqual([expect.stringMatching(/^minor: /)]);
  });

  test('that there may be fields without a name breaks nobody', () => {
    expect(ofField(z.strictObject({}), z.looseObject({}))).toEqual([]);
    expect(ofField(z.looseObject({}), z.strictObject({}))).toEqual([]);
  });

  test('the values of a record are compared', () => {
    expect(ofField(z.record(z.string(), z.number()), z.record(z.string(), z.number().nullable()))).toEqual([
      `major: ${field}.* null is allowed too`,
    ]);
  });

  test('what is in arrays and tuples is compared', () => {
    const list = (value: z.ZodType) => z.array(z.object({ a: value }));
    expect(ofField(list(z.string()), list(z.string().nullable()))).toEqual([`major: ${field}[].a null is allowed too`]);
    const pair = (value: z.ZodType) => z.tuple([z.string(), value]);
    expect(ofField(pair(z.string()), pair(z.string().nullable()))).toEqual([`major: ${field}[1] null is allowed too`]);
    expect(ofField(z.tuple([z.string()]), pair(z.string()))).toContain(`major: ${field}[1] is new`);
  });

  test('objects of a union are told apart by their tags', () => {
    const off = z.object({ on: z.literal(false), reason: z.string() });
    const on = z.object({ on: z.literal(true), power: z.number() });
    const union = z.discriminatedUnion('on', [on, off]);
    expect(ofField(z.discriminatedUnion('on', [off, on]), union)).toEqual([]);
    expect(ofField(off, union)).toEqual([`major: ${field} object is allowed too`]);
    expect(ofField(union, off)).toEqual([`minor: ${field} object is not allowed any more`]);
    const other = z.discriminatedUnion('on', [on, off.extend({ reason: z.string().nullable() })]);
    expect(ofField(union, other)).toEqual([`major: ${field}.reason null is allowed too`]);
  });

  test('what a name refers to is compared, and the name too: the SDK has a type of that name', () => {
    const point = (name: string, coordinate: z.ZodType = z.number()) =>
      z.array(z.object({ x: coordinate }).meta({ id: name }));
    expect(ofField(point('A1'), point('A1', z.number().nullable()))).toEqual([
      `major: ${field}[].x null is allowed too`,
    ]);
    expect(ofField(point('B1'), point('B2'))).toEqual([`major: ${field}[] the type "B1" is called "B2"`]);
    expect(ofField(z.array(z.object({ x: z.number() })), point('B3'))).toEqual([
      `minor: ${field}[] the type is called "B3"`,
    ]);
  });

  test('a schema that holds itself is compared as far as it goes', () => {
    const tree = (value: z.ZodType, id: string): z.ZodType => {
      const node: z.ZodType = z.object({ value, children: z.array(z.lazy(() => node)) }).meta({ id });
      return node;
    };
    expect(ofField(tree(z.string(), 'C1'), tree(z.string(), 'C1'))).toEqual([]);
    expect(ofField(tree(z.string(), 'C2'), tree(z.number(), 'C2'))).toContain(
      `major: ${field}.value number is allowed too`,
    );
  });
});
