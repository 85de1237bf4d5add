import { readdirSync, readFileSync } from 'node:fs';
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

const peers = ['@trpc/client', '@trpc/server', 'superjson'];

describe('the packed SDK', () => {
  let consumer: Project;

  beforeAll(async () => {
    consumer = await installConsumer({ typescript: '5.9.3', '@types/node': '20.19.43' });
  });

  afterAll(() => consumer?.[Symbol.asyncDispose]());

  const installed = (...path: string[]): string => join(consumer.folder, 'node_modules/@portico/sdk', ...path);

  const files = (): string[] => readdirSync(installed(), { recursive: true, encoding: 'utf8', withFileTypes: false });
  const modules = (): string[] => files().filter((file) => /\.(js|d\.ts)$/.test(file));

  test('holds modules, their types and its papers', () => {
    expect(files().filter((file) => !file.startsWith('dist'))).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'package.json',
    ]);
    expect(modules()).toEqual(expect.arrayContaining(['dist/index.js', 'dist/index.d.ts']));
    const others = files().filter((file) => /^dist.*\.\w+$/.test(file) && !modules().includes(file));
    expect(others).toEqual([]);
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

  test('names no package of the workspace and no Zod, and Node only in the module for Node', () => {
    for (const file of modules()) {
      const imports = [...readFileSync(installed(file), 'utf8').matchAll(/\bfrom "([^"]+)"|\bimport\("([^"]+)"/g)];
      const names = imports.map(([, name, dynamic]) => String(name ?? dynamic)).filter((name) => !/^[.#]/.test(name));
      const isForNode = file.endsWith('.node.js');
      const isAllowed = (name: string): boolean =>
        peers.some((published) => name === published || name.startsWith(`${published}/`)) ||
        (isForNode && name.startsWith('node:'));
      expect(names.filter((name) => !isAllowed(name))).toEqual([]);
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
    expect(info('createPortico({ url', 'createPortico').text).toMatch(/^Creates a client of a Portico server\./);
  });
});
