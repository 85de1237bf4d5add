import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { errorTable, faces, ocr } from '@portico/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServerProcess, startServer } from '../harness/server-process.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../../../..');
const readRoot = (path: string): Promise<string> => readFile(join(root, path), 'utf8');

/** The code blocks of a page in one language. */
const blocks = (page: string, language: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, code]) => code ?? '');

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer({ MODEL_NAME: 'ocr,faces' });
  await server.ready();
});
afterAll(async () => server[Symbol.asyncDispose]());

/** The pages speak of port 8000; the test's server listens elsewhere. */
const onTestPort = (code: string): string => code.replaceAll('localhost:8000', `127.0.0.1:${server.port}`);

describe('the README', () => {
  let readme: string;
  beforeAll(async () => {
    readme = await readRoot('README.md');
  });

  it('shows a curl line that reads the sample page from the repository root', async () => {
    const command = blocks(readme, 'sh').find((code) => code.startsWith('curl'));
    const { stdout } = await run('sh', ['-c', onTestPort(command ?? '')], { cwd: root });
    expect((JSON.parse(stdout) as { text: string }).text).toContain('and it does not like to be kept waiting.');
  });

  it('shows a program that does the same through the SDK', async () => {
    const [program] = blocks(readme, 'ts');
    // Inside this package, so that its dependencies are found.
    const folder = await mkdtemp(join(import.meta.dirname, 'program-'));
    try {
      await writeFile(join(folder, 'program.mjs'), onTestPort(program ?? ''));
      const { stdout } = await run(process.execPath, [join(folder, 'program.mjs')], { cwd: root });
      expect(stdout).toContain('Portico serves models');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('names routes that exist', async () => {
    const paths = [...readme.matchAll(/`GET (\/[a-z./]+)`/g)].map(([, path]) => path);
    expect(paths).toContain('/openapi.json');
    for (const path of paths) expect([path, (await fetch(`${server.url}${path}`)).status]).toEqual([path, 200]);
  });

  it('lists every variable of the environment, and no other', async () => {
    const config = await readFile(join(import.meta.dirname, '../../src/config.ts'), 'utf8');
    const known = [...config.matchAll(/^ {4}([A-Z][A-Z_]+):/gm)].map(([, name]) => name);
    const table = readme.slice(readme.indexOf('## Environment'), readme.indexOf('## Develop'));
    const rows = table.split('\n').filter((line) => line.startsWith('| `'));
    const listed = rows.flatMap((row) =>
      [...(row.split('|')[1] ?? '').matchAll(/`([A-Z_]+)`/g)].map(([, name]) => name),
    );
    expect(listed.toSorted()).toEqual(known.toSorted());
  });
});

describe('the page about errors', () => {
  it('has a row for each error that is sent, with its status', async () => {
    const page = await readRoot('docs/errors.md');
    const rows = [...page.matchAll(/^\| (\d{3}) \| `([A-Z_]+)`/gm)].map(([, status, code]) => [code, Number(status)]);
    const unsent = new Set(['CANCELLED', 'RATE_LIMITED']);
    const sent = Object.entries(errorTable).filter(([code]) => !unsent.has(code));
    expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(sent.map(([code, { status }]) => [code, status])));
  });
});

describe('the page about reading text', () => {
  it('shows a curl line that answers with words', async () => {
    const [command = ''] = blocks(await readRoot('docs/ocr.md'), 'sh');
    const { stdout } = await run('sh', ['-c', onTestPort(command)], { cwd: root });
    const { lines } = ocr.output.parse(JSON.parse(stdout));
    expect(lines[0]?.words?.map(({ text }) => text)).toEqual(['Portico', 'serves', 'models']);
  });

  it('lists every parameter with its default', async () => {
    expect(listedDefaults(await readRoot('docs/ocr.md'))).toEqual(ocr.params.parse({}));
  });
});

describe('the page about finding faces', () => {
  it('shows a curl line that answers as the page says', async () => {
    const page = await readRoot('docs/faces.md');
    const [command = ''] = blocks(page, 'sh');
    const { stdout } = await run('sh', ['-c', onTestPort(command)], { cwd: root });
    const [face] = faces.output.parse(JSON.parse(stdout)).faces;
    const [, shown = ''] = /"box": (\{.*?\})/.exec(page) ?? [];
    for (const [key, value] of Object.entries(JSON.parse(shown) as Record<'x' | 'y' | 'width' | 'height', number>))
      expect(face?.box[key as 'x']).toBeCloseTo(value, 0);
  });

  it('lists every parameter with its default', async () => {
    expect(listedDefaults(await readRoot('docs/faces.md'))).toEqual(faces.params.parse({}));
  });
});

/** The parameters of a page's table and what they are by default. */
const listedDefaults = (page: string): Record<string, unknown> =>
  Object.fromEntries(
    [...page.matchAll(/^\| `(\w+)` \| (\S+) \|/gm)].map(([, name, value]) => [name, JSON.parse(value ?? '')]),
  );

describe('the guide to the code', () => {
  it('names files and folders that exist', async () => {
    const guide = await readRoot('CLAUDE.md');
    const links = [...guide.matchAll(/\]\((?!https?:)([^)]+)\)/g)].map(([, path]) => path ?? '');
    const [tree = ''] = blocks(guide, '');
    const named = [...links, ...treePaths(tree)];
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});

/** Paths of an indented tree: a folder's entries stand two columns deeper. */
function treePaths(tree: string): string[] {
  const parents: string[] = [];
  return tree.split('\n').flatMap((line) => {
    const [, indent = '', names = ''] = /^( *)([\w./, -]+?)(?: {2,}|$)/.exec(line) ?? [];
    if (names === '') return [];
    const depth = indent.length / 2;
    const paths = names.split(', ').map((name) => join(...parents.slice(0, depth), name));
    parents.splice(depth, parents.length, names.split(', ')[0] ?? '');
    return paths;
  });
}
