import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ServerProcess } from '../../../../apps/server/test/harness/server-process.ts';
import { compile } from '../packed/compile.ts';
import type { Project } from '../packed/project.ts';
import { piecesOf } from './pages.ts';
import { installRecipes } from './recipe-consumer.ts';
import { startRecipeServer } from './recipe-server.ts';

const run = promisify(execFile);
const opening = 'A model is a function with opinions';

let consumer: Project;
let server: ServerProcess;
beforeAll(async () => {
  consumer = await installRecipes({
    '@trpc/client': '11.25.2',
    '@trpc/server': '11.25.2',
    '@types/node': '20.19.43',
    superjson: '2.2.7',
    typescript: '5.9.3',
    zod: '4.6.7',
  });
  server = await startRecipeServer(consumer);
}, 120_000);
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await consumer?.[Symbol.asyncDispose]();
});

/** What a page shows beside its recipes. */
async function piecesShown(page: string): Promise<string[]> {
  const pieces = await piecesOf(page, /^ts$/);
  return pieces
    .filter(({ file }) => file === undefined)
    .map(({ code }) => code.replaceAll('http://localhost:8000', server.url));
}

/** What a program prints, which says nothing on standard error. */
async function printed(program: string): Promise<string> {
  const options = { cwd: consumer.folder, timeout: 100_000, killSignal: 'SIGKILL' } as const;
  const { stdout, stderr } = await run(process.execPath, [program], options);
  expect(stderr).toBe('');
  return stdout;
}

test('the first call of the README works as it is pasted', async () => {
  const [first = ''] = await piecesShown('README.md');
  await writeFile(join(consumer.folder, 'first.mjs'), first);
  expect(await printed('first.mjs')).toMatch(new RegExp(`^${opening}.* 15\n$`, 'ms'));
});

const pages: Readonly<Record<string, readonly RegExp[]>> = {
  'README.md': [
    new RegExp(`(^${opening}.*){2}`, 'ms'),
    /^0\.802 3\.326$/m,
    /^Not a picture: /m,
    /^\{ count: 3,[^}]*\} \{\s+side: 2,\s+image: 'data:image\/png;base64,/m,
    /^24$/m,
  ],
  'docs/files.md': [/^(15\n){6}/, /^\{\s+same: false,/m],
  'docs/errors.md': [/^params\.minConfidence \w/m, /^2$/m, /^200 \S+ \{\s+queue: [^}]*inference: /m],
  'docs/own-tasks.md': [
    /^\{\s+side: 4,\s+image: 'data:image\/png;base64,/m,
    /^\{ count: 3,/m,
    /^most FP32 \[ 1, 1, 1, 1 \] Float32Array\(1\) \[ 0 \]$/m,
  ],
};

test.each(Object.entries(pages))('what %s shows is, put together, one program that works', async (page, expected) => {
  const source = page.replaceAll('/', '-').replace(/md$/, 'ts');
  await writeFile(join(consumer.folder, source), (await piecesShown(page)).join('\n'));
  const program = await compile(consumer, {
    typescript: 'typescript',
    moduleResolution: 'nodenext',
    files: [source],
  });
  const output = await printed(program);
  for (const pattern of expected) expect(output).toMatch(pattern);
});

test('the cut-out of the README is a picture', async () => {
  const cutOut = await readFile(join(consumer.folder, 'cutout.png'));
  expect(cutOut.subarray(1, 4).toString()).toBe('PNG');
});
