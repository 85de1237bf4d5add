import { expect, expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import { defineTask, type Output } from './define-task.ts';
import { json } from './media.ts';

const definition = { name: 'read', summary: 'Read.', accepts: json(z.string()), params: z.object({}) };
const cut = 'The end was left out.';
const output = z.object({ words: z.int() });
const read = defineTask({ ...definition, output, warnings: { truncated: cut, firstPage: 'Only the first was read.' } });

test('an output has a list of warnings, which a model may leave out', () => {
  expect(read.output.parse({ words: 3 })).toEqual({ words: 3, warnings: [] });
  expectTypeOf<Output<typeof read>>().toEqualTypeOf<{
    words: number;
    warnings: { code: 'truncated' | 'firstPage'; message: string }[];
  }>();
  expectTypeOf<{ words: number }>().toExtend<z.input<typeof read.output>>();
});

test('the message is that of the contract, unless the model has one', () => {
  const { warnings } = read.output.parse({
    words: 3,
    warnings: [{ code: 'truncated' }, { code: 'firstPage', message: 'One of 3 pages was read.' }],
  });
  expect(warnings).toEqual([
    { code: 'truncated', message: cut },
    { code: 'firstPage', message: 'One of 3 pages was read.' },
  ]);
});

test('a code that the contract lacks is no output', () => {
  expect(read.output.safeParse({ words: 3, warnings: [{ code: 'other' }] }).success).toBe(false);
  // @ts-expect-error There is no such code.
  const wrong: z.input<typeof read.output> = { words: 3, warnings: [{ code: 'other' }] };
  expect(wrong).toBeDefined();
});

test('JSON Schema has the codes with what they mean', () => {
  const { properties, required } = z.toJSONSchema(read.output);
  expect(required).toEqual(['words', 'warnings']);
  expect(properties?.['warnings']).toMatchObject({
    type: 'array',
    items: {
      properties: {
        code: {
          enum: ['truncated', 'firstPage'],
          description: `truncated: ${cut}\nfirstPage: Only the first was read.`,
        },
      },
      required: ['code', 'message'],
    },
  });
});

test('the output takes over the id, the description and the examples of its schema, and what it refuses', () => {
  const named = z
    .strictObject({ words: z.int() })
    .refine(({ words }) => words < 9, 'too many')
    .meta({ id: 'ReadResult', description: 'The words.', examples: [{ words: 3 }] });
  const task = defineTask({ ...definition, output: named, warnings: { truncated: cut } });
  expect(task.output.meta()).toEqual({
    id: 'ReadResult',
    description: 'The words.',
    examples: [{ words: 3, warnings: [] }],
  });
  expect(named.meta()).toEqual({ description: 'The words.', examples: [{ words: 3 }] });
  expect(z.toJSONSchema(z.globalRegistry).schemas['ReadResult']).toMatchObject({ required: ['words', 'warnings'] });
  expect(task.output.safeParse({ words: 9 }).error?.issues[0]?.message).toBe('too many');
  expect(task.output.safeParse({ words: 3, other: 1 }).success).toBe(false);
});

test('without warnings an output is as it was declared', () => {
  const task = defineTask({ ...definition, output });
  expect(task.warnings).toBeUndefined();
  expect(task.output).toBe(output);
  expectTypeOf<Output<typeof task>>().toEqualTypeOf<{ words: number }>();
});

test.each<[string, z.ZodType, Record<string, string>, string]>([
  ['no codes', output, {}, 'warnings has 0 codes. Declare 1 to 16, or leave it out.'],
  ['a code that is no name', output, { 'cut off': cut }, 'the code "cut off" of a warning must match'],
  [
    'a code without a message',
    output,
    { truncated: ' ' },
    'the warning "truncated" has no message. Say what it means.',
  ],
  ['a list', z.array(z.string()), { truncated: cut }, 'only an output that is an object has warnings.'],
  ['a field of that name', z.object({ warnings: z.string() }), { truncated: cut }, 'the output has a field "warnings"'],
])('%s is refused', (_what, schema, warnings, message) => {
  expect(() => defineTask({ ...definition, output: schema, warnings })).toThrow(`Task "read": ${message}`);
});
