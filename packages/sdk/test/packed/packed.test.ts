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

describe('the packed SDK', () => {
  let consumer: Project;

  beforeAll(async () => {
    consumer = await installConsumer({ typescript: '5.9.3', '@types/node': '20.19.43' });
  }, 60_000);

  afterAll(() => consumer?.[Symbol.asyncDispose]());

  const installed = (...path: string[]): string => join(consumer.folder, 'node_modules/@portico/sdk', ...path);

  test('holds one module, its types and its papers', () => {
    const files = readdirSync(installed(), { recursive: true, encoding: 'utf8' });
    expect(files.sort()).toEqual(['LICENSE', 'README.md', 'dist', 'dist/index.d.ts', 'dist/index.js', 'package.json']);
  });

  test('depends on published packages only, and not on Zod', () => {
    const { dependencies } = JSON.parse(readFileSync(installed('package.json'), 'utf8')) as { dependencies: object };
    expect(Object.keys(dependencies)).toEqual(['@trpc/client', '@trpc/server', 'superjson']);
    expect(JSON.stringify(dependencies)).not.toMatch(/workspace:|catalog:/);
    expect(readdirSync(join(consumer.folder, 'node_modules'))).not.toContain('zod');
  });

  test('names no package of the workspace, no Zod and nothing of Node', () => {
    for (const file of ['dist/index.js', 'dist/index.d.ts']) {
      const imports = [...readFileSync(installed(file), 'utf8').matchAll(/\bfrom "([^"]+)"|\bimport\("([^"]+)"/g)];
      const packages = new Set(imports.map(([, name, dynamic]) => name ?? dynamic));
      expect(['@trpc/client', '@trpc/server', 'superjson']).toEqual(expect.arrayContaining([...packages]));
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
        '(property) ocr: (file: FileInput, params?: OcrParams | undefined, options?: CallOptions) => Promise<OcrResult>',
      text: 'Read the text in an image: printed Chinese and English, line by line with confidence and position.',
    });
    expect(info('{ minConfidence: 0.7 }', 'minConfidence').text).toBe(
      'Lines below this confidence are left out, 0 to 1.',
    );
    expect(info('read.text', 'text').text).toBe(
      'All lines in reading order: a line break between lines, an empty line between paragraphs and columns.',
    );
    expect(info('createPortico({ url', 'createPortico').text).toBe('Makes a client of a Portico server.');
  }, 60_000);
});
