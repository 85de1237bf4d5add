import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { errorTable } from '@portico/schemas';
import { expect, test } from 'vitest';
import { piecesOfReadme, recipesFolder, sdkFolder } from './readme.ts';

/** What every site of Next.js needs. */
const unquoted = ['recipes/next/app/layout.tsx'];

test('the README quotes each recipe as it is', async () => {
  const quoted = (await piecesOfReadme()).filter(({ file }) => file !== undefined);
  for (const { file, code } of quoted) expect(code).toBe(await readFile(join(sdkFolder, String(file)), 'utf8'));
  const entries = readdirSync(recipesFolder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const recipes = files.map((file) => relative(sdkFolder, file).replaceAll('\\', '/'));
  expect(new Set([...quoted.map(({ file }) => file), ...unquoted])).toEqual(new Set(recipes));
});

test('the README has every code of an error with its status', async () => {
  const readme = await readFile(join(sdkFolder, 'README.md'), 'utf8');
  const table = readme.slice(readme.indexOf('| `code` |'), readme.indexOf('Invalid options are'));
  const rows = table.split('\n').map((row) => row.split('|').map((cell) => cell.trim()));
  const listed = rows.flatMap(([, codes = '', statuses = '']) => {
    const numbers = [...statuses.matchAll(/\d{3}/g)].map(([text]) => Number(text));
    return [...codes.matchAll(/`([A-Z_]+)`/g)].map(([, code], index) => [code, numbers[index] ?? numbers[0]]);
  });
  const { CANCELLED: _neverSent, ...sent } = errorTable;
  const expected = Object.entries(sent).map(([code, { status }]) => [code, status]);
  expect(Object.fromEntries(listed)).toEqual({
    ...Object.fromEntries(expected),
    NETWORK: undefined,
    ABORTED: undefined,
  });
});
