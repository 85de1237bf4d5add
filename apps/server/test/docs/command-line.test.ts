import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../../../..');
const names = ['new', 'inspect', 'try', 'dev', 'serve', 'setup-cuda'];

/** The option names of a command. */
async function optionsOf(name: string): Promise<readonly string[]> {
  const module = (await import(`@portico/server/internal/cli/${name}`)) as { command: { options: object } };
  return ['help', ...Object.keys(module.command.options)];
}

const markdownIn = (folder: string): string[] =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));
const pages = [
  ...markdownIn('.'),
  ...markdownIn('docs'),
  ...readdirSync(join(root, 'packages')).flatMap((name) => markdownIn(join('packages', name))),
  ...readdirSync(join(root, 'examples'), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? markdownIn(join('examples', entry.name)) : [join('examples', entry.name)],
  ),
];

/** Every command line of `portico` in a page: the command, and the long options that follow it. */
const commandLines = (page: string): { readonly name: string; readonly options: readonly string[] }[] =>
  [
    ...readFileSync(join(root, page), 'utf8')
      .replaceAll('\\\n', ' ')
      .matchAll(
        /(?:^|`)(?:npx portico|npx (?:--ignore-scripts )?@portico\/server|npm run portico --|portico) ([a-z-]+)\b([^`\n|#;&]*)/gm,
      ),
  ].map(([, name = '', rest = '']) => ({
    name,
    options: [...rest.matchAll(/(?<=\s)--([a-z-]+)/g)].map(([, option]) => option ?? ''),
  }));

it('the documentation calls commands that exist, with options that they have', async () => {
  const known = new Map(await Promise.all(names.map(async (name) => [name, await optionsOf(name)] as const)));
  const lines = pages.flatMap((page) => commandLines(page).map((line) => ({ page, ...line })));
  expect(new Set(lines.filter(({ page }) => page === 'docs/command-line.md').map(({ name }) => name))).toEqual(
    new Set(names),
  );
  expect(lines.filter(({ name, options }) => !options.every((option) => known.get(name)?.includes(option)))).toEqual(
    [],
  );
  expect(lines.filter(({ name }) => !known.has(name))).toEqual([]);
});

it('the page about the command line has every option of those that it is the guide to', async () => {
  const page = readFileSync(join(root, 'docs/command-line.md'), 'utf8');
  for (const name of ['try', 'dev', 'serve']) {
    const missing = (await optionsOf(name)).filter((option) => !page.includes(`--${option}`));
    expect([name, missing]).toEqual([name, []]);
  }
});
