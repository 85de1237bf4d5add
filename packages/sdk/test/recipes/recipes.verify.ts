import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ServerProcess } from '../../../../apps/server/test/harness/server-process.ts';
import { compile } from '../packed/compile.ts';
import type { Project } from '../packed/project.ts';
import { installRecipes } from './recipe-consumer.ts';
import { startRecipeServer } from './recipe-server.ts';

const run = promisify(execFile);
const files = ['script/read-texts.ts', 'own-tasks/client.ts', 'own-tasks/light-client.ts'];
const opening = 'A model is a function with opinions';

describe('the recipes, from the packed packages', () => {
  let consumer: Project;
  let server: ServerProcess;

  beforeAll(async () => {
    consumer = await installRecipes({
      '@types/node': '20.19.43',
      typescript: '5.9.3',
      zod: '4.6.7',
    });
    server = await startRecipeServer(consumer);
    await compile(consumer, { typescript: 'typescript', moduleResolution: 'nodenext', files });
  }, 120_000);

  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    await consumer?.[Symbol.asyncDispose]();
  });

  /** Runs a compiled program; resolves with its exit code and output. */
  async function ran(program: string, words: readonly string[] = []): Promise<Ended> {
    const running = run(process.execPath, [join('out', program), ...words], {
      cwd: consumer.folder,
      env: { ...process.env, PORTICO_URL: server.url },
      timeout: 60_000,
      killSignal: 'SIGKILL',
    });
    return running.then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      ({ code, stdout, stderr }: Ended) => ({ code, stdout, stderr }),
    );
  }

  test('a script reads files and reports those it cannot read', async () => {
    const { code, stdout, stderr } = await ran('script/read-texts.js', ['page.jpg', 'missing.jpg', 'notes.txt']);
    expect(code).toBe(1);
    expect(stdout).toMatch(new RegExp(`^page.jpg: 15 lines\n.*${opening}`, 's'));
    expect(stderr).toMatch(/^missing.jpg: BAD_INPUT: The file cannot be read.*ENOENT/m);
    expect(stderr).toMatch(/^notes.txt: UNSUPPORTED_MEDIA_TYPE: /m);
  });

  test('a contract of your own types a client of a server with other models', async () => {
    const { code, stdout, stderr } = await ran('own-tasks/client.js');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe('3 numbers\n10\n11\n12\nimage/png true\nfalse audio/wav\n');
  });

  test('the types of a contract are enough, and Zod is no part of the program', async () => {
    const { code, stdout, stderr } = await ran('own-tasks/light-client.js');
    expect([code, stderr, stdout]).toEqual([0, '', '3 numbers\n']);
    const compiled = await readFile(join(consumer.folder, 'out/own-tasks/light-client.js'), 'utf8');
    expect(compiled).not.toMatch(/contract\.js|zod/);
  });

  test.each(['client', 'light-client'])('a contract of your own rejects what it does not have: %s', async (recipe) => {
    const mistakes = {
      'an input of another type': `mine.count({ to: 'three' })`,
      'an unknown parameter': `mine.count({ to: 3 }, { begin: 1 })`,
      'a task of another contract': `mine.ocr('photo.png')`,
      'a picture of a task that produces none': `mine.count.image('photo.png')`,
      'a file that is missing': `mine.compare({ left: 'photo.png' })`,
      'a picture of a task that produces a recording': `mine.say.image({ text: 'hello' })`,
      'an item that has no such field': `for await (const { digit } of mine.count.stream({ to: 3 })) void digit`,
    };
    const program = await readFile(join(consumer.folder, `own-tasks/${recipe}.ts`), 'utf8');
    const lines = Object.values(mistakes).map((mistake) => `// @ts-expect-error\n${mistake};`);
    const compiled = async (text: string): Promise<string> => {
      await writeFile(join(consumer.folder, 'own-tasks/mistakes.ts'), text);
      const options = { typescript: 'typescript', moduleResolution: 'nodenext', files: ['own-tasks/mistakes.ts'] };
      return compile(consumer, options as Parameters<typeof compile>[1]);
    };
    await expect(compiled([program, ...lines].join('\n'))).resolves.toMatch(/mistakes\.js$/);
    await expect(compiled(`${program}\nmine.ocr('photo.png');`)).rejects.toThrow(/'ocr' does not exist/);
  });
});

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}
