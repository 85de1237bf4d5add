import { defineTask, image } from '@portico/schemas';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkParameters, fromText } from './read-input.ts';

const task = defineTask({
  name: 'probe',
  summary: 'Probe.',
  accepts: image(),
  params: z.object({
    level: z.number().min(0).max(1).default(0.5),
    count: z.int().default(3),
    fast: z.boolean().default(false),
    word: z.string().default('none'),
    labels: z.array(z.string()).default([]),
    sizes: z.array(z.number()).default([]),
  }),
  output: z.object({}),
});

describe('Parameters as text', () => {
  it('get the types that the task asks for', () => {
    const given = { level: '0.25', count: '7', fast: 'true', word: '12', labels: 'one', sizes: ['1', '2'] };
    expect(fromText(task, given)).toEqual({
      level: 0.25,
      count: 7,
      fast: true,
      word: '12',
      labels: ['one'],
      sizes: [1, 2],
    });
  });

  it('are left as they are where they do not convert, for the check to refuse', () => {
    const given = { level: '', count: 'many', fast: 'maybe', unknown: '1' };
    expect(fromText(task, given)).toEqual(given);
    expect(fromText(task, { level: ['0.1', '0.2'] })).toEqual({ level: ['0.1', '0.2'] });
  });

  it.each([
    [true, ['true', 'True', 'TRUE', '1', 'yes', 'Yes', 'on', ' on ']],
    [false, ['false', 'False', '0', 'no', 'NO', 'off']],
  ])('are %s in each of these forms: %s', (fast, forms) => {
    for (const text of forms) expect(fromText(task, { fast: text })).toEqual({ fast });
  });

  it('are no boolean in any other form, and none where the task asks for none', () => {
    for (const text of ['', '2', 'y', 'truee', 'null', '-1'])
      expect(fromText(task, { fast: text })).toEqual({ fast: text });
    expect(fromText(task, { word: 'true', count: '1' })).toEqual({ word: 'true', count: 1 });
  });

  it('may have the names that every object has', () => {
    const given = JSON.parse('{"__proto__":"1","constructor":"2"}') as Record<string, string>;
    expect(Object.keys(fromText(task, given))).toEqual(['__proto__', 'constructor']);
  });
});

describe('Checked parameters', () => {
  it('have their defaults filled in', () => {
    const defaults = { level: 0.5, count: 3, fast: false, word: 'none', labels: [], sizes: [] };
    expect(checkParameters(task, undefined)).toEqual(defaults);
    expect(checkParameters(task, { count: 4 })).toEqual({ ...defaults, count: 4 });
  });

  it('are refused with the path of each mistake, unknown names included', () => {
    const wrong = { level: 2, labels: ['one', 2], bogus: true };
    expect(() => checkParameters(task, wrong)).toThrow(
      expect.objectContaining({
        code: 'INVALID_PARAMETERS',
        issues: [
          { path: 'params.level', message: expect.any(String) },
          { path: 'params.labels.1', message: expect.any(String) },
          { path: 'params.bogus', message: 'Unknown parameter' },
        ],
      }),
    );
  });
});
