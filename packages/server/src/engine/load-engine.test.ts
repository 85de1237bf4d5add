import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadEngine } from './load-engine.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'portico-load-engine-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Loads a module of this text as the implementation of the task `double`. */
function load(name: string, text: string) {
  const path = join(folder, name);
  writeFileSync(path, text);
  const options = {
    device: { name: 'cpu', index: 0 },
    threads: 1,
    maxImagePixels: 1,
    maxRecordingSeconds: 1,
    cacheDirectory: folder,
  } as const;
  const module = pathToFileURL(path).href;
  return loadEngine({ type: 'load', module, task: 'double', variant: 'only', weights: {}, options }, () => {});
}

it.each([
  ['nothing.mjs', ''],
  ['a-function.mjs', 'export default () => {};'],
  ['half-a-model.mjs', 'export default { task: { name: "double" }, load() {} };'],
])('a module without a model says what it should export: %s', async (name, text) => {
  await expect(load(name, text)).rejects.toThrow(
    new RegExp(`${name} has no model: it needs "export default defineModel\\(task, \\{ load, run, warmUp \\}\\)"`),
  );
});

it('a model of another task than it is registered for is refused with both names', async () => {
  const text = 'export default { task: { name: "triple" }, load() {}, run() {}, warmUp() {} };';
  await expect(load('other.mjs', text)).rejects.toThrow(
    /other\.mjs implements the task "triple", but is registered for "double"\./,
  );
});

it('a sample that fails keeps the model from being ready, in the words of the failure', async () => {
  const text = `export default {
    task: { name: 'double' },
    load: async () => undefined,
    run: async (inputs) => inputs.map(() => new Error('no memory for this')),
    warmUp: () => ({ input: 1, params: {} }),
  };`;
  await expect(load('fails.mjs', text)).rejects.toThrow('The warm-up failed: no memory for this');
});
