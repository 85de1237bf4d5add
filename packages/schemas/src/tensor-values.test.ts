import { expect, it } from 'vitest';
import { z } from 'zod';
import { tensorInput, tensorOutput } from './tensor-values.ts';

const issuesOf = (schema: z.ZodType, value: unknown): string[] =>
  (schema.safeParse(value).error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);

it('the shape may be left out where every axis has a fixed length', () => {
  expect(tensorInput('float32', [1, 2]).parse({ data: [1, 2] })).toEqual({ shape: [1, 2], data: [1, 2] });
  expect(issuesOf(tensorInput('float32', ['batch', 2]), { data: [1, 2] })).toEqual([
    'shape: Invalid input: expected array, received undefined',
  ]);
});

it('axes of any length take any number of values', () => {
  const schema = tensorInput('int32', [null, 2]);
  expect(schema.parse({ shape: [3, 2], data: [1, 2, 3, 4, 5, 6] }).shape).toEqual([3, 2]);
  expect(schema.parse({ shape: [0, 2], data: [] }).data).toEqual([]);
});

it.each([
  { value: { shape: [2, 2], data: [1, 2] }, issue: 'shape.0: Axis 0 has a length of 2, expected 1' },
  { value: { shape: [1, 2], data: [1] }, issue: 'data: A shape of [1, 2] takes 2 values, not 1' },
  { value: { data: [1, 256] }, issue: 'data.1: Too big: expected number to be <=255' },
  { value: { data: [1, 2, 3] }, issue: 'data: Too big: expected array to have <=2 items' },
  { value: { shape: [2], data: [1, 2] }, issue: 'shape: Too small: expected array to have exactly 2 items' },
])('$issue', ({ value, issue }) => {
  expect(issuesOf(tensorInput('uint8', [1, 2]), value)).toEqual([issue]);
});

it('a million wrong values have one issue', () => {
  const data = Array<string>(1_000_000).fill('a');
  expect(issuesOf(tensorInput('float32', [null]), { shape: [data.length], data })).toEqual([
    'data.0: Invalid input: expected number, received string',
  ]);
});

it('values that JSON cannot hold are null in an output, and never in an input', () => {
  expect(tensorOutput('float32').safeParse({ shape: [1], data: [null] }).success).toBe(true);
  expect(tensorOutput('int64').safeParse({ shape: [1], data: [null] }).success).toBe(false);
  expect(tensorInput('float32', [1]).safeParse({ data: [null] }).success).toBe(false);
});

it('the document says what a tensor looks like', () => {
  const schema = tensorInput('uint8', ['batch', 2]);
  expect(z.toJSONSchema(schema, { io: 'input' })).toMatchObject({
    type: 'object',
    description: 'A tensor of uint8[batch, 2], row by row.',
    properties: { data: { type: 'array', items: { type: 'integer', minimum: 0, maximum: 255 } } },
    required: ['shape', 'data'],
  });
});
