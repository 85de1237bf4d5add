import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { findProject, handOver, loadModels, requireModels } from './project.ts';

const root = mkdtempSync(join(tmpdir(), 'portico-project-'));
afterAll(() => rmSync(root, { recursive: true }));

/** Makes files below a new folder, and returns the folder. */
function folderOf(name: string, files: Readonly<Record<string, string>>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name, path)), { recursive: true });
    writeFileSync(join(root, name, path), text);
  }
  return join(root, name);
}

it('a project is found from any folder in it, sources before what was compiled from them', () => {
  const folder = folderOf('plain', {
    'package.json': '{}',
    'models.ts': '',
    'models.js': '',
    'main.js': '',
    'digit/package.json': '{}',
    'digit/deep/x': '',
  });
  expect(findProject(join(folder, 'digit/deep'))).toEqual({
    folder,
    models: join(folder, 'models.ts'),
    main: join(folder, 'main.js'),
  });
});

it('a package.json may say where they are', () => {
  const folder = folderOf('elsewhere', {
    'package.json': '{"portico":{"models":"./models/index.ts","main":"./missing.ts"}}',
    'models/index.ts': '',
  });
  expect(() => findProject(folder)).toThrow(
    /package\.json says that "portico\.main" is \.\/missing\.ts, and there is no such file/,
  );
  writeFileSync(join(folder, 'missing.ts'), '');
  expect(findProject(folder)).toMatchObject({ models: join(folder, 'models/index.ts') });
});

it('where there is no list of models, the error says how to get one', () => {
  const folder = folderOf('empty', { 'package.json': '{}', 'main.js': '' });
  expect(() => requireModels(folder)).toThrow(/There is no models\.ts .* "portico new NAME model\.onnx/);
});

it('a list that lists no models is refused, and a module that fails says where', async () => {
  const list = folderOf('list', { 'package.json': '{"type":"module"}', 'models.js': 'export const models = [5];' });
  await expect(loadModels(requireModels(list))).rejects.toThrow(
    /exports no list of registered models: write "export const models = \[/,
  );
  const fails = folderOf('fails', { 'package.json': '{"type":"module"}', 'models.js': '\nthrow new Error("boom");' });
  await expect(loadModels(requireModels(fails))).rejects.toThrow(
    /models\.js cannot be loaded: Error: boom\n[^]*> 2 | throw new/,
  );
});

it('sources need tsx, and the error says so', async () => {
  const folder = folderOf('sources', { 'package.json': '{}', 'models.ts': 'export const models = [];' });
  await expect(loadModels(requireModels(folder))).rejects.toThrow(/has no tsx: run "npm install --save-dev tsx"/);
});

it('where a project has a copy of Portico of its own, that one runs the command line', async () => {
  const own = 'node_modules/@portico/server';
  const folder = folderOf('other-copy', {
    'package.json': '{}',
    [`${own}/package.json`]:
      '{"type":"module","bin":{"portico":"./main.js"},"exports":{"./package.json":"./package.json"}}',
    [`${own}/main.js`]: 'globalThis.handedOver = true;',
  });
  expect(await handOver(folder)).toBe(true);
  expect(globalThis).toHaveProperty('handedOver', true);
  expect(await handOver(root)).toBe(false);
});
