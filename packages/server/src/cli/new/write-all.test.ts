import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CommandError } from '../command.ts';
import { writeAll } from './write-all.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'portico-write-'));
  await writeFile(join(folder, 'models.ts'), 'mine');
  await writeFile(join(folder, 'net.onnx'), 'weights');
  await mkdir(join(folder, 'empty'));
});
afterEach(() => rm(folder, { recursive: true }));

const at = (path: string): string => join(folder, path);
const weights = [{ name: 'network', path: 'a/weights/net.onnx', sha256: '', source: '' }];
const write = (files: Readonly<Record<string, string>>): Promise<void> =>
  writeAll(
    new Map(Object.entries(files).map(([path, text]) => [at(path), text])),
    weights.map((one) => ({ ...one, source: at('net.onnx') })),
    folder,
  );
const content = async (): Promise<string[]> => (await readdir(folder, { recursive: true })).sort();

it('texts and weights are written, and lists replaced', async () => {
  await write({ 'a/model.ts': 'new', 'models.ts': 'mine, and a', 'empty/b.ts': 'b' });
  expect(await content()).toContain('a/weights/net.onnx');
  expect(await readFile(at('models.ts'), 'utf8')).toBe('mine, and a');
});

it('where one cannot be written, everything is again as it was', async () => {
  const before = await content();
  const writing = write({ 'a/model.ts': 'new', 'models.ts': 'mine, and a', 'empty/b.ts': 'b', 'net.onnx/c.ts': 'c' });
  await expect(writing).rejects.toThrow(CommandError);
  await expect(writing).rejects.toThrow(/^Nothing has been written: E\w+: .*net\.onnx/);
  expect(await content()).toEqual(before);
  expect(await readFile(at('models.ts'), 'utf8')).toBe('mine');
});

it('nothing is written through a link that leads nowhere yet', async () => {
  await symlink(at('elsewhere'), at('empty/link.ts'));
  await expect(write({ 'empty/link.ts': 'text' })).rejects.toThrow('EEXIST');
  expect(await content()).toEqual(['empty', 'empty/link.ts', 'models.ts', 'net.onnx']);
});
