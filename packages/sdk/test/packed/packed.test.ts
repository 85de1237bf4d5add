import { readdirSync, readFileSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compile } from './compile.ts';
import { installConsumer } from './consumer.ts';
import { expectedReport } from './expected-report.ts';
import { apiKey, startLiveServer } from './live-server.ts';
import type { Project } from './project.ts';
import { quickInfo } from './quick-info.ts';
import { reportOf } from './report.ts';
import { samples } from './samples.ts';

const endings = ['js', 'cjs', 'd.ts', 'd.cts'];
const peers = ['@trpc/client', '@trpc/server', 'superjson'];

describe('the packed SDK', () => {
  let consumer: Project;

  beforeAll(async () => {
    consumer = await installConsumer({ typescript: '5.9.3', '@types/node': '20.19.43' });
  });

  afterAll(() => consumer?.[Symbol.asyncDispose]());

  const installed = (...path: string[]): string => join(consumer.folder, 'node_modules/@portico/sdk', ...path);

  const files = (): string[] => readdirSync(installed(), { recursive: true, encoding: 'utf8', withFileTypes: false });
  const modules = (): string[] => files().filter((file) => /\.(c?js|d\.c?ts)$/.test(file));

  test('holds modules, their types and its papers', () => {
    expect(files().filter((file) => !/^(dist|docs)\b/.test(file))).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'package.json',
    ]);
    for (const name of ['index', 'trpc'])
      expect(modules()).toEqual(expect.arrayContaining(endings.map((ending) => `dist/${name}.${ending}`)));
    const others = files().filter((file) => /^dist.*\.\w+$/.test(file) && !modules().includes(file));
    expect(others.filter((file) => !file.endsWith('js.map'))).toEqual([]);
    expect(files().filter((file) => file.startsWith('docs/') && !file.endsWith('.md'))).toEqual([]);
  });

  test('shows its sources to a debugger', () => {
    const { sources, sourcesContent } = JSON.parse(readFileSync(installed('dist/index.js.map'), 'utf8')) as {
      sources: string[];
      sourcesContent: string[];
    };
    const text = sourcesContent[sources.findIndex((source) => source.endsWith('/src/create-portico.ts'))];
    expect(text).toContain('export function createPortico');
    expect(sources.filter((source) => source.startsWith('/'))).toEqual([]);
  });

  test('takes at most 1 MB on disk', () => {
    const sizes = files().map((file): [string, number] => [file, statSync(installed(file)).blocks * 512]);
    const total = sizes.reduce((sum, [, bytes]) => sum + bytes, 0);
    process.stderr.write(`measured: the SDK on disk: ${total} bytes\n`);
    const largest = sizes.sort(([, one], [, other]) => other - one).slice(0, 20);
    const list = largest.map(([file, bytes]) => `${String(bytes).padStart(8)}  ${file}`).join('\n');
    expect({ total, list }).toEqual({ total: expect.toSatisfy((bytes: number) => bytes <= 1_000_000), list });
  });

  test('is the same for require as for import, and an error of one is known to the other', async () => {
    const text = `
      const { createPortico, isPorticoError } = require('@portico/sdk');
      import('@portico/sdk').then(async (esm) => {
        const call = esm.createPortico({ url: 'http://127.0.0.1:9', retry: false }).ready();
        const error = await call.catch((reason) => reason);
        const names = [createPortico, esm.createPortico].map((create) => Object.keys(create({ url: 'http://a' })));
        console.log(JSON.stringify({ known: isPorticoError(error, 'NETWORK'), names }));
      });`;
    await writeFile(join(consumer.folder, 'required.cjs'), text);
    const names = ['ready', 'models', 'gpu', 'tensors', 'ocr', 'faces', 'segment', 'vad', 'embed'];
    expect(await reportOf(process.execPath, ['required.cjs'], { folder: consumer.folder })).toEqual({
      known: true,
      names: [names, names],
    });
  });

  test('brings nothing else into an installation; what tRPC needs is optional', () => {
    const { dependencies, peerDependencies, peerDependenciesMeta } = JSON.parse(
      readFileSync(installed('package.json'), 'utf8'),
    ) as Record<string, object | undefined>;
    expect(dependencies).toBeUndefined();
    expect(Object.keys(peerDependencies ?? {})).toEqual(peers);
    expect(peerDependenciesMeta).toEqual(Object.fromEntries(peers.map((name) => [name, { optional: true }])));
    expect(JSON.stringify(peerDependencies)).not.toMatch(/workspace:|catalog:/);
    const others = readdirSync(join(consumer.folder, 'node_modules')).filter((name) => !name.startsWith('.'));
    expect(others).toEqual(['@portico', '@types', 'typescript', 'undici-types']);
  });

  test('names no package of the workspace, no Zod and nothing of Node', () => {
    for (const file of modules()) {
      const text = readFileSync(installed(file), 'utf8');
      const imports = [...text.matchAll(/\bfrom "([^"]+)"|\b(?:import|require)\("([^"]+)"/g)];
      const names = imports.map(([, name, called]) => String(name ?? called)).filter((name) => !name.startsWith('.'));
      const allowed = file.startsWith('dist/trpc.') ? peers : [];
      expect(names.filter((name) => !allowed.some((peer) => name === peer || name.startsWith(`${peer}/`)))).toEqual([]);
    }
  });

  test('compiles in a project of its own and works there', async () => {
    await using server = await startLiveServer();
    const program = await compile(consumer, { typescript: 'typescript', moduleResolution: 'nodenext' });
    expect(await reportOf(process.execPath, [program, server.url, apiKey, samples])).toEqual(expectedReport);
  }, 120_000);

  test('shows the doc comments of tasks, parameters and results in an editor', () => {
    const info = quickInfo(consumer);
    expect(info('portico.ocr(page', 'ocr')).toEqual({
      signature:
        '(property) ocr: FileMethod\n(file: FileInput, params?: OcrParams | undefined, options?: UploadOptions) => Promise<OcrResult>',
      text: 'Read the text in an image: printed Chinese and English, line by line with confidence and position.',
    });
    expect(info('{ minConfidence: 0.7 }', 'minConfidence').text).toBe(
      'Lines below this confidence are left out, 0 to 1.',
    );
    expect(info('read.text', 'text').text).toBe(
      'All lines in reading order, with a line break between lines and an empty line between paragraphs and columns.',
    );
    expect(info('createPortico({ url', 'createPortico').text).toMatch(
      /^Creates a client of a Portico server: an object with a method for each task\./,
    );
  });
});
