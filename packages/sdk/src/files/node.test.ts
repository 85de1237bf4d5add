import { afterEach, expect, test, vi } from 'vitest';
import { isNode, openFile } from './node.ts';

const { signal } = new AbortController();
afterEach(() => void vi.unstubAllGlobals());

test('Node is known by its process', () => {
  expect(isNode()).toBe(true);
});

test.each([
  ['no process', undefined],
  ["a bundler's process", { env: {}, versions: {} }],
])('with %s a path is refused', async (_name, process) => {
  vi.stubGlobal('process', process);
  expect(isNode()).toBe(false);
  await expect(openFile('a.png', signal)).rejects.toThrow('"a.png" is a path, which only Node can open');
});
