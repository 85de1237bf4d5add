import { afterEach, expect, test, vi } from 'vitest';
import { isNode, newTextDecoder, newTextEncoder, nodeSignal, openFile } from './node.ts';

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

test("text is encoded and decoded by Node's classes where the environment has none", () => {
  for (const name of ['TextEncoder', 'TextDecoder']) vi.stubGlobal(name, undefined);
  expect(newTextDecoder().decode(newTextEncoder().encode('ü'))).toBe('ü');
});

test("Node's own signal fires with another, for the same reason", () => {
  const controller = new AbortController();
  const [before, reason] = [nodeSignal(controller.signal), new Error('enough')];
  expect(before?.aborted).toBe(false);
  controller.abort(reason);
  expect(before?.reason).toBe(reason);
  expect(nodeSignal(controller.signal)?.reason).toBe(reason);
  vi.stubGlobal('process', undefined);
  expect(nodeSignal(controller.signal)).toBeUndefined();
});
