import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compile, type Consumer, installConsumer, runFile } from '../../../schemas/test/packed/consumer.ts';

describe('the packed router', () => {
  let consumer: Consumer;

  beforeAll(async () => {
    const packages = { '@trpc/server': '11.25.2', zod: '4.6.7', typescript: '5.9.3', '@types/node': '20.19.43' };
    consumer = await installConsumer(packages, ['schemas', 'api']);
  }, 60_000);

  afterAll(() => consumer[Symbol.asyncDispose]());

  const folder = (): string => join(consumer.folder, 'node_modules/@portico/api');

  test('holds modules with their declarations and its papers, no tests, no sources and no maps', () => {
    const files = readdirSync(folder(), { recursive: true, encoding: 'utf8' }).filter((file) => file.includes('.'));
    const modules = files.filter((file) => file.endsWith('.js'));
    const declarations = files.filter((file) => file.endsWith('.d.ts'));
    expect(declarations.map((file) => file.replace(/\.d\.ts$/, '.js')).sort()).toEqual(modules.sort());
    expect(files.filter((file) => !/\.(d\.ts|js)$/.test(file)).sort()).toEqual(['README.md', 'package.json']);
    expect(readdirSync(folder())).toContain('LICENSE');
    expect(modules.filter((file) => /test/.test(file))).toEqual([]);
  });

  test('leaves Zod to its users, and names nothing of the workspace', () => {
    const manifest = JSON.parse(readFileSync(join(folder(), 'package.json'), 'utf8')) as Record<string, unknown>;
    expect(manifest['peerDependencies']).toEqual({ zod: '^4.1.0' });
    expect(manifest['exports']).toEqual({
      '.': { types: './dist/index.d.ts', default: './dist/index.js' },
      './package.json': './package.json',
    });
    expect(JSON.stringify(manifest)).not.toMatch(/workspace:|catalog:|"private"/);
  });

  test('has nothing that publint finds wrong', async () => {
    const { messages } = await publint({ pack: { tarball: consumer.tarball.buffer }, strict: true });
    expect(messages).toEqual([]);
  });

  test('has types that resolve wherever ES modules do', async () => {
    const checked = await checkPackage(createPackageFromTarballData(consumer.tarball));
    if (!checked.types) throw new Error('The package has no types.');
    const inEsModules = checked.problems.filter(
      (problem) =>
        !('resolutionKind' in problem && ['node10', 'node16-cjs'].includes(problem.resolutionKind)) &&
        problem.kind !== 'CJSResolvesToESM',
    );
    expect(inEsModules).toEqual([]);
  });

  test("serves the README's task in a project of its own", async () => {
    const readme = readFileSync(join(folder(), 'README.md'), 'utf8');
    const [, program = ''] = /^```ts\n(.*?)^```/ms.exec(readme) ?? [];
    expect(program).toContain('.listen(3000)');
    const call = `
const procedures = routerOf({ count }).createCaller(context);
const { models } = await procedures.models.list();
process.stdout.write(JSON.stringify(models));
`;
    await writeFile(join(consumer.folder, 'readme.ts'), program.replace('.listen(3000)', '') + call);
    const compiled = await compile(consumer, {
      typescript: 'typescript',
      moduleResolution: 'nodenext',
      file: 'readme.ts',
    });
    expect(await runFile(compiled)).toBe('[]');
  }, 60_000);
});
