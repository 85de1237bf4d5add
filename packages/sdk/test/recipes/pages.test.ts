import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { errorTable } from '@portico/schemas';
import { expect, test } from 'vitest';
import { pages, piecesOf, recipesFolder, sdkFolder } from './pages.ts';

test('the README and the pages quote each recipe as it is', async () => {
  const quoted = (await Promise.all(pages.map((page) => piecesOf(page))))
    .flat()
    .filter(({ file }) => file !== undefined);
  for (const { file, code } of quoted) {
    expect([file, code]).toEqual([file, await readFile(join(sdkFolder, String(file)), 'utf8')]);
  }
  const entries = readdirSync(recipesFolder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const recipes = files.map((file) => relative(sdkFolder, file).replaceAll('\\', '/'));
  expect(new Set(quoted.map(({ file }) => file))).toEqual(new Set(recipes));
});

test('the pages say above each program what its file is called', async () => {
  for (const page of pages) {
    const text = await readFile(join(sdkFolder, page), 'utf8');
    // From a heading or the end of a program to the next program.
    const captions = text.matchAll(
      /(?:^#.*|^```)\n(?<above>(?:(?!#|```).*\n)*?)<!-- recipes\/[^/]+\/(?<path>\S+) -->/gm,
    );
    const unnamed = [...captions].filter(({ groups = {} }) => !groups['above']?.includes(`\`${groups['path']}\``));
    expect([page, unnamed.map(({ groups }) => groups?.['path'])]).toEqual([page, []]);
  }
});

test('links of the README and the pages lead to a file of the package', async () => {
  for (const page of pages) {
    const text = await readFile(join(sdkFolder, page), 'utf8');
    const links = [...text.matchAll(/\]\((?!https?:|#)(?<target>[^)#]+)/g)].map(({ groups }) =>
      String(groups?.['target']),
    );
    expect(links.filter((target) => !existsSync(join(sdkFolder, page, '..', target)))).toEqual([]);
  }
});

test('the README is short', async () => {
  const readme = await readFile(join(sdkFolder, 'README.md'), 'utf8');
  expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(150);
});

test('the page about errors has every code with its status', async () => {
  const page = await readFile(join(sdkFolder, 'docs/errors.md'), 'utf8');
  const table = page.slice(page.indexOf('| `code` | `status` |'), page.indexOf('Options that are unknown'));
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
