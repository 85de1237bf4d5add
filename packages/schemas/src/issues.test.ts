import { expect, test } from 'vitest';
import { z } from 'zod';
import { toIssues } from './issues.ts';

const schema = z.strictObject({ limit: z.number(), boxes: z.array(z.strictObject({ x: z.number() })).optional() });

function issuesOf(value: unknown, prefix?: readonly string[]): unknown {
  const { error } = schema.safeParse(value);
  return error === undefined ? [] : toIssues(error, prefix);
}

test('an issue has a dotted path', () => {
  expect(issuesOf({ limit: 1, boxes: [{ x: 1 }, { x: '1' }] })).toEqual([
    { path: 'boxes.1.x', message: expect.stringContaining('expected number') },
  ]);
});

test('a prefix goes in front', () => {
  expect(issuesOf({ limit: '1' }, ['params'])).toMatchObject([{ path: 'params.limit' }]);
});

test('each unknown name is an issue of its own', () => {
  expect(issuesOf({ limit: 1, limt: 2, max: 3 }, ['params'])).toEqual([
    { path: 'params.limt', message: 'Unknown parameter' },
    { path: 'params.max', message: 'Unknown parameter' },
  ]);
});

test('a value of any type that is missing is said to be missing', () => {
  const { error } = z.strictObject({ input: z.unknown() }).safeParse({ hertz: 440 });
  expect(error && toIssues(error)).toEqual([
    { path: 'input', message: 'Missing' },
    { path: 'hertz', message: 'Unknown parameter' },
  ]);
});

test('the whole has the empty path', () => {
  expect(issuesOf(7)).toMatchObject([{ path: '' }]);
});

test('of very many mistakes the first are listed, and that there are more', () => {
  const names = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`k${index}`, 1]));
  const issues = issuesOf({ limit: 1, ...names }) as unknown[];
  expect(issues).toHaveLength(21);
  expect(issues.at(-1)).toEqual({ path: '', message: 'There are more mistakes than are listed here' });
});

test("a client's text is cut to a bounded length", () => {
  const [issue] = issuesOf({ limit: 1, ['x'.repeat(10_000)]: 1 }) as { path: string }[];
  expect(issue?.path).toHaveLength(200);
});
