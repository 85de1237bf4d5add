import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compile, type Consumer, contractOutput, installConsumer, runFile } from './consumer.ts';

describe('the packed schemas', () => {
  let consumer: Consumer;

  beforeAll(async () => {
    consumer = await installConsumer({ zod: '4.6.7', typescript: '5.9.3', '@types/node': '20.19.43' });
  }, 60_000);

  afterAll(() => consumer[Symbol.asyncDispose]());

  const folder = (): string => join(consumer.folder, 'node_modules/@portico/schemas');
  const filesOf = (extension: string): string[] =>
    readdirSync(folder(), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith(extension));

  test('hold modules with their declarations and their papers, no tests, no sources and no maps', () => {
    const declarations = filesOf('.d.ts');
    const modules = filesOf('.js');
    expect(declarations).toContain('dist/index.d.ts');
    expect(declarations.map((file) => file.replace(/\.d\.ts$/, '.js')).sort()).toEqual(modules.sort());
    const other = filesOf('').filter((file) => !/\.(d\.ts|js)$/.test(file) && file.includes('.'));
    expect(other.sort()).toEqual(['README.md', 'package.json']);
    expect(filesOf('LICENSE')).toEqual(['LICENSE']);
    expect(modules.filter((file) => /test/.test(file))).toEqual([]);
  });

  test('point to no map and to no file outside', () => {
    const texts = [...filesOf('.js'), ...filesOf('.d.ts')].map((file) => readFileSync(join(folder(), file), 'utf8'));
    for (const text of texts) {
      expect(text).not.toMatch(/sourceMappingURL|\/src\//);
      const packages = [...text.matchAll(/(?:from|import\() ?["']([^"'.][^"']*)/g)].map(([, name]) => name);
      expect(['zod', 'zod/v4/core']).toEqual(expect.arrayContaining(packages));
    }
  });

  test('leave Zod to those who install them, and name nothing of the workspace', () => {
    const manifest = JSON.parse(readFileSync(join(folder(), 'package.json'), 'utf8')) as Record<string, unknown>;
    expect(manifest['dependencies']).toBeUndefined();
    expect(manifest['peerDependencies']).toEqual({ zod: '^4.1.0' });
    expect(manifest['exports']).toEqual({
      '.': { types: './dist/index.d.ts', default: './dist/index.js' },
      './package.json': './package.json',
    });
    expect(JSON.stringify(manifest)).not.toMatch(/workspace:|catalog:|"private"/);
  });

  test('have nothing that publint finds wrong', async () => {
    const { messages } = await publint({ pack: { tarball: consumer.tarball.buffer }, strict: true });
    expect(messages).toEqual([]);
  });

  test('have types that resolve wherever ES modules do', async () => {
    const checked = await checkPackage(createPackageFromTarballData(consumer.tarball));
    if (!checked.types) throw new Error('The package has no types.');
    const inEsModules = checked.problems.filter(
      (problem) =>
        !('resolutionKind' in problem && ['node10', 'node16-cjs'].includes(problem.resolutionKind)) &&
        problem.kind !== 'CJSResolvesToESM',
    );
    expect(inEsModules).toEqual([]);
    expect(checked.entrypoints['.']?.resolutions.bundler.resolution?.fileName).toMatch(/dist\/index\.d\.ts$/);
  });

  test('let a contract compile in a project of its own and work there', async () => {
    const contract = await compile(consumer, { typescript: 'typescript', moduleResolution: 'nodenext' });
    expect(await runFile(contract)).toBe(contractOutput);
  }, 60_000);
});
