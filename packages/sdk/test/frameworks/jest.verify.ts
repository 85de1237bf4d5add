import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Project } from '../packed/project.ts';
import { recipesFolder, sdkFolder } from '../recipes/pages.ts';
import { type Generator, generateProject, runIn } from './generated-project.ts';

const jest: Generator = {
  command: 'npm init jest@latest my-app',
  version: '30.5.2',
  // A project to put Jest into.
  async prepare(folder) {
    await mkdir(join(folder, 'my-app'));
    await runIn({ folder: join(folder, 'my-app') }, 'npm', ['init', '-y']);
    return {};
  },
  // What it proposes.
  answer: '\r',
  adds: ['jest', 'ts-jest', '@jest/globals', '@swc/core', '@swc/jest', '@types/node', 'ts-node', 'tsx', 'typescript@6'],
  versions: {
    '@jest/globals': '30.5.2',
    '@swc/core': '1.16.22',
    '@swc/jest': '0.2.39',
    '@types/node': '20.19.43',
    jest: '30.5.2',
    'ts-jest': '29.4.15',
    'ts-node': '10.9.2',
    tsx: '4.23.15',
    typescript: '6.0.3',
  },
};

/** Older than what `module: commonjs` needs to read `exports` of a package. */
const tools = { 'typescript-5': 'npm:typescript@5.9.3' };

describe('a new project of Jest with the files of the page', () => {
  let project: Project;
  let typed: Pick<Project, 'folder'>;

  beforeAll(async () => {
    project = await generateProject(jest, { recipes: ['jest'], tools });
  }, 500_000);

  afterAll(() => project?.[Symbol.asyncDispose]());

  test('requires the SDK, and mocks a client automatically', async () => {
    expect(await runIn(project, 'npm', ['test'])).toMatch(/Tests: +2 passed/);
  });

  describe('in TypeScript', () => {
    beforeAll(async () => {
      typed = { folder: join(project.folder, 'typed') };
      await cp(join(recipesFolder, 'jest-typescript'), typed.folder, { recursive: true });
      await runIn(typed, 'npm', ['init', '-y']);
    });

    test('passes its tests with ts-jest as its own command configures it', async () => {
      await runIn(typed, 'npx', ['ts-jest', 'config:init']);
      expect(await runIn(typed, 'npx', ['jest'])).toMatch(/Tests: +2 passed/);
    });

    test('passes its tests with swc as the page configures it', async () => {
      const page = await readFile(join(sdkFolder, 'docs/jest.md'), 'utf8');
      const [config = 'none'] = /^module\.exports = .*swc.*$/m.exec(page) ?? [];
      await writeFile(join(typed.folder, 'jest.config.js'), config);
      expect(await runIn(typed, 'npx', ['jest'])).toMatch(/Tests: +2 passed/);
    });

    test.each([
      ['typescript', 'nodenext'],
      ['typescript', 'commonjs'],
      ['typescript-5', 'nodenext'],
      ['typescript-5', 'commonjs'],
    ])('compiles to CommonJS with %s and module %s, declarations included, and runs', async (typescript, module) => {
      const compilerOptions = { module, target: 'es2022', strict: true, types: ['node'] };
      const config = {
        compilerOptions: { ...compilerOptions, esModuleInterop: true, rootDir: 'src', outDir: 'out' },
        files: ['src/first-line.ts'],
      };
      await writeFile(join(typed.folder, 'tsconfig.json'), JSON.stringify(config));
      await runIn(typed, 'node', [join('../node_modules', typescript, 'bin/tsc'), '-p', '.']);
      const print = `console.log(Object.keys(require('./out/first-line.js').portico).join())`;
      expect(await runIn(typed, 'node', ['-e', print])).toContain('ocr,');
    });

    test.each(['ts-node', 'tsx'])('runs with %s', async (runner) => {
      await writeFile(
        join(typed.folder, 'src/run.ts'),
        `import { portico } from './first-line';\nconsole.log(portico);`,
      );
      expect(await runIn(typed, 'npx', [runner, 'src/run.ts'])).toContain('ocr: [Function: ocr]');
    });
  });
});
