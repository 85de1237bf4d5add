import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { authorsStack } from './authors-stack.ts';

const folder = mkdtempSync(join(tmpdir(), 'portico-stack-'));
const file = join(folder, 'model.ts');
writeFileSync(file, ['one', 'two', 'three', 'four', 'five', 'six'].join('\n'));
afterAll(() => rmSync(folder, { recursive: true }));

const stack = `TypeError: no data
    at Object.float32Data (file:///packages/server/dist/tensor.js:3:1)
    at read (${pathToFileURL(file).href}?tsx-namespace=1:4:3)
    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)
    at async ${file}:6:1
    at async library (${join(folder, 'node_modules/x/index.js')}:1:1)`;

it('the author sees the line that failed, and the own code on the way there', async () => {
  const text = (await authorsStack(stack, folder)).replaceAll(/[^\s(]*model\.ts/g, 'model.ts');
  expect(text).toBe(`TypeError: no data
  2 | two
  3 | three
> 4 | four
    |   ^
  5 | five
  6 | six
    at read (model.ts:4:3)
    at model.ts:6:1`);
});

it('a message that has been printed is not printed again', async () => {
  const text = await authorsStack(stack, folder, { without: 'The warm-up failed: no data' });
  expect(text).toMatch(/^ {2}2 \| two/);
});

it('a syntax error has its place in the message', async () => {
  const text = await authorsStack(
    `Transform failed with 1 error:\n${file}:2:1: ERROR: Expected ";"\n    at failure (/x/esbuild.js:1:1)`,
    folder,
  );
  expect(text).toContain('> 2 | two\n    | ^');
});

it('an import that does not exist is quoted in the message, and nothing else is known', async () => {
  const message = `${file}:3\nimport { x } from 'y';\n         ^\n\nSyntaxError: 'y' does not provide an export named 'x'`;
  expect(await authorsStack(`${message}\n    at link (node:internal/modules:1:1)`, folder)).toBe(message);
});

it('a stack without the own code stays as it is, unless its message says everything', async () => {
  const foreign = 'Error: in a library\n    at x (/library/index.js:1:1)';
  expect(await authorsStack(foreign, folder)).toBe(foreign);
  expect(await authorsStack(foreign, folder, { without: 'in a library' })).toBe('');
});
