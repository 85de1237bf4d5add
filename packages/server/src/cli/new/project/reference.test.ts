import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { reference } from './reference.ts';

const packages = join(import.meta.dirname, '../../../../..');

/** Values that a package's module exports, types left out. */
function exportsOf(path: string): string[] {
  const lists = readFileSync(join(packages, path), 'utf8').matchAll(/^export \{([^}]*)\}/gm);
  return [...lists]
    .flatMap(([, names = '']) => names.split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '' && !name.startsWith('type '));
}

const modules = [
  'media/src/image/index.ts',
  'media/src/audio/index.ts',
  'media/src/text/index.ts',
  'server/src/model/index.ts',
  'server/src/testing/index.ts',
  'server/src/index.ts',
];

it.each(modules)('the instructions of a project name everything that %s exports', (path) => {
  const names = exportsOf(path);
  expect(names.length).toBeGreaterThan(0);
  expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(reference))).toEqual([]);
});

it('the instructions of a project name no import that does not exist', () => {
  const [, imports = ''] = reference.split('## What `model.ts` may import');
  const cells = [...imports.matchAll(/^\| (`.*?) \| /gm)].map(([, cell = '']) => cell);
  const names = cells.flatMap((cell) => [...cell.matchAll(/`(\w+)/g)]).map(([, name = '']) => name);
  expect(names.length).toBeGreaterThan(30);
  const exported = new Set(modules.flatMap(exportsOf));
  expect(names.filter((name) => !exported.has(name))).toEqual([]);
});
