import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { piecesOfReadme, recipesFolder, sdkFolder } from './readme.ts';

/** What Next.js wants of every site. */
const unquoted = ['recipes/next/app/layout.tsx'];

test('the README quotes each recipe as it is', async () => {
  const quoted = (await piecesOfReadme()).filter(({ file }) => file !== undefined);
  for (const { file, code } of quoted) expect(code).toBe(await readFile(join(sdkFolder, String(file)), 'utf8'));
  const entries = readdirSync(recipesFolder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const recipes = files.map((file) => relative(sdkFolder, file).replaceAll('\\', '/'));
  expect([...quoted.map(({ file }) => file), ...unquoted].sort()).toEqual(recipes.sort());
});
