import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { between, io, ofParameter, ofTask, parameter } from './testing-contracts.ts';

describe('parameters', () => {
  test('one that is gone breaks callers', () => {
    expect(ofTask({ params: z.object({ p: z.string().optional() }) }, {})).toEqual([`major: ${parameter} is gone`]);
  });

  test('a new one that may be left out is more', () => {
    expect(ofTask({}, { params: z.object({ p: z.string().default('a') }) })).toEqual([`minor: ${parameter} is new`]);
  });

  test('a new one that may not be left out breaks callers', () => {
    expect(ofTask({}, { params: z.object({ p: z.string() }) })).toEqual([`major: ${parameter} is new and required`]);
  });

  test('that unknown ones are taken is more, that they are refused breaks callers', () => {
    const [strict, loose] = [io(z.strictObject({}), 'input'), io(z.looseObject({}), 'input')];
    expect(between({ inputs: { I: strict } }, { inputs: { I: loose } })).toEqual(['minor: input I.* is taken']);
    expect(between({ inputs: { I: loose } }, { inputs: { I: strict } })).toEqual(['major: input I.* is refused']);
  });

  test.each<[z.ZodType, z.ZodType, string]>([
    [z.number().min(0), z.number().min(1), 'at least 0 became at least 1'],
    [z.number().max(9), z.number().max(8), 'at most 9 became at most 8'],
    [z.number().gt(0), z.number().gt(1), 'more than 0 became more than 1'],
    [z.number().lt(9), z.number().lt(8), 'less than 9 became less than 8'],
    [z.number(), z.number().max(8), 'any most became at most 8'],
    [z.number().min(0), z.number().gt(0), 'at least 0 became more than 0'],
    [z.number().max(9), z.number().lt(9), 'at most 9 became less than 9'],
    [z.number().gt(0), z.number().min(1), 'more than 0 became at least 1'],
    [z.int().min(0), z.int().positive(), 'at least 0 became at least 1'],
    [z.number(), z.number().multipleOf(2), 'multipleOf: nothing became 2'],
    [z.string().max(9), z.string().max(8), 'maxLength: 9 became 8'],
    [z.string(), z.string().regex(/^a$/), 'pattern: nothing became "^a$"'],
    [z.array(z.number()).min(1), z.array(z.number()).min(2), 'minItems: 1 became 2'],
    [z.enum(['a', 'b']), z.enum(['a']), '"b" is not allowed any more'],
    [z.string(), z.enum(['a']), 'string is not allowed any more'],
    [z.string().nullable(), z.string(), 'null is not allowed any more'],
    [z.union([z.string(), z.number()]), z.string(), 'number is not allowed any more'],
    [z.unknown(), z.string(), 'anything is not allowed any more'],
    [z.string().optional(), z.string(), 'is required now'],
  ])('%# narrowed: breaks callers; widened: is more', (wide, narrow, what) => {
    expect(ofParameter(wide, narrow)).toEqual([`major: ${parameter} ${what}`]);
    expect(ofParameter(narrow, wide).map((change) => change.split(':')[0])).toEqual(['minor']);
  });

  test('more than 0 is at least 1 where numbers are whole', () => {
    expect(ofParameter(z.int().positive(), z.int().min(1))).toEqual([]);
    expect(ofParameter(z.int().lt(9), z.int().max(8))).toEqual([]);
  });

  test('whole numbers are fewer than numbers', () => {
    const [whole, any] = [z.int().min(0).max(9), z.number().min(0).max(9)];
    expect(ofParameter(any, whole)).toEqual([`major: ${parameter} must be whole now`]);
    expect(ofParameter(whole, any)).toEqual([`minor: ${parameter} need not be whole now`]);
  });

  test('another type breaks callers', () => {
    expect(ofParameter(z.string().optional(), z.number().optional())).toEqual([
      `major: ${parameter} string is not allowed any more`,
      `minor: ${parameter} number is allowed too`,
    ]);
  });

  test('what cannot be weighed breaks callers', () => {
    const changed = [`major: ${parameter} pattern: "^a$" became "^b$"`];
    expect(ofParameter(z.string().regex(/^a$/), z.string().regex(/^b$/))).toEqual(changed);
    const [a, b] = [
      { type: 'object', dependentRequired: { a: ['b'] } },
      { type: 'object', dependentRequired: {} },
    ];
    expect(between({ inputs: { I: a } }, { inputs: { I: b } })).toEqual([
      'major: input I dependentRequired: {"a":["b"]} became {}',
    ]);
  });

  test('another default is a minor step', () => {
    expect(ofParameter(z.int().default(1), z.int().default(2))).toEqual([`minor: ${parameter} the default 1 became 2`]);
    expect(ofParameter(z.string().optional(), z.string().default('a'))).toEqual([
      `minor: ${parameter} the default nothing became "a"`,
    ]);
  });

  test('another description is a patch', () => {
    expect(ofParameter(z.string().describe('A.'), z.string().describe('B.'))).toEqual([
      `patch: ${parameter} another description`,
    ]);
    expect(ofParameter(z.string().nullable().describe('A.'), z.string().nullable().describe('B.'))).toEqual([
      `patch: ${parameter} another description`,
    ]);
  });
});
