import { expect, test } from 'vitest';
import { z } from 'zod';
import { declarationText, type JsonSchema, typeText } from './type-text.ts';

const written = (schema: z.ZodType, io: 'input' | 'output' = 'output'): string =>
  typeText(z.toJSONSchema(schema, { io }) as JsonSchema).replaceAll(/\s+/g, ' ');

test.each([
  [z.string(), 'string'],
  [z.int().min(3), 'number'],
  [z.boolean(), 'boolean'],
  [z.null(), 'null'],
  [z.unknown(), 'unknown'],
  [z.literal('ready'), '"ready"'],
  [z.literal([1, 2]), '1 | 2'],
  [z.enum(['a', 'b']), '"a" | "b"'],
  [z.string().nullable(), 'string | null'],
  [z.union([z.string(), z.number()]), 'string | number'],
  [z.array(z.number()), 'number[]'],
  [z.array(z.enum(['a', 'b'])), '("a" | "b")[]'],
  [z.array(z.array(z.number().nullable())), '(number | null)[][]'],
  [z.array(z.unknown()), 'unknown[]'],
  [z.tuple([]), '[]'],
  [z.tuple([z.string(), z.number()]), '[string, number]'],
  [z.tuple([z.string()]).rest(z.number()), '[string, ...number[]]'],
  [z.record(z.string(), z.number()), 'Record<string, number>'],
  [z.object({ 'media-type': z.string() }), '{ "media-type": string; }'],
  [z.object({ a: z.string().optional() }), '{ a?: string | undefined; }'],
])('%# writes %$', (schema, expected) => {
  expect(written(schema)).toBe(expected);
});

test('a parameter with a default may be left out of the input and is always in the output', () => {
  const schema = z.object({ limit: z.number().default(3) });
  expect(written(schema, 'input')).toBe('{ /** @default 3 */ limit?: number | undefined; }');
  expect(written(schema, 'output')).toBe('{ /** @default 3 */ limit: number; }');
});

test('a description becomes a doc comment and cannot end it', () => {
  const schema = z.object({ a: z.string().describe('Like */* this.') });
  expect(written(schema)).toBe('{ /** Like *\\/* this. */ a: string; }');
});

test('objects become interfaces, anything else an alias', () => {
  expect(declarationText('A', { type: 'object', properties: {} })).toBe('export interface A {\n}');
  expect(declarationText('B', { type: 'string' })).toBe('export type B = string;');
});

test('a reference to no named schema is refused', () => {
  expect(() => typeText({ $ref: '#' })).toThrow('give the schema an id');
});
