import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { compile } from '../packed/compile.ts';
import { programOfReadme } from './pages.ts';
import { installRecipes } from './recipe-consumer.ts';
import { startRecipeServer } from './recipe-server.ts';

const run = promisify(execFile);

test('what the README shows is, put together, one program that works', async () => {
  await using consumer = await installRecipes({ '@types/node': '20.19.43', typescript: '5.9.3', zod: '4.6.7' });
  await using server = await startRecipeServer(consumer);
  const program = (await programOfReadme()).replaceAll('http://localhost:8000', server.url);
  await writeFile(join(consumer.folder, 'readme.ts'), program);
  const readme = await compile(consumer, {
    typescript: 'typescript',
    moduleResolution: 'nodenext',
    files: ['readme.ts'],
  });
  const { stdout, stderr } = await run(process.execPath, [readme], {
    cwd: consumer.folder,
    timeout: 100_000,
    killSignal: 'SIGKILL',
  });
  expect(stderr).toBe('');
  expect(stdout.match(/^A model is a function with opinions/gm)).toHaveLength(2);
  expect(stdout).toMatch(/^0\.802 3\.326$/m);
  expect(stdout).toMatch(/^most FP32 \[ 1, 1, 1, 1 \] Float32Array\(1\) \[ 0 \]$/m);
  expect(stdout).toMatch(/^Not a picture: /m);
  const cutOut = await readFile(join(consumer.folder, 'cutout.png'));
  expect(cutOut.subarray(1, 4).toString()).toBe('PNG');
});
