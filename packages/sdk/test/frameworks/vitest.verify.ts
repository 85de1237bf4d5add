import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Project } from '../packed/project.ts';
import { generateProject, runIn } from './generated-project.ts';
import { generators } from './generators.ts';

describe('a new project of Vite with the files of the page about tests', () => {
  let project: Project;

  beforeAll(async () => {
    project = await generateProject(generators.testing, {
      recipes: ['testing'],
      tools: { '@angular/core': '22.2.6', rxjs: '7.8.2', vue: '3.5.45' },
    });
  }, 500_000);

  afterAll(() => project?.[Symbol.asyncDispose]());

  test('type-checks and builds with the tests in it', async () => {
    expect(await runIn(project, 'npm', ['run', 'build'])).toContain('built in');
  });

  test('passes tests with spies, and with requests that msw answers', async () => {
    expect(await runIn(project, 'npx', ['vitest', 'run'])).toMatch(/Tests +6 passed/);
  });

  test('gives frameworks an object like any other', async () => {
    await cp(join(import.meta.dirname, 'programs/names.ts'), join(project.folder, 'src/names.test.ts'));
    expect(await runIn(project, 'npx', ['vitest', 'run', 'src/names.test.ts'])).toMatch(/Tests +6 passed/);
  });
});
