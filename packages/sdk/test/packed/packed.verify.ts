import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compile, type Consumer, installConsumer, runProgram } from './consumer.ts';
import { programOutput, startProgramServer } from './server.ts';

const versions = ['5.9.3', '7.0.2'];
const resolutions = ['nodenext', 'bundler'] as const;

describe('the packed SDK', () => {
  let consumer: Consumer;

  beforeAll(async () => {
    const compilers = versions.map((version) => [`typescript-${version}`, `npm:typescript@${version}`]);
    consumer = await installConsumer({
      ...Object.fromEntries(compilers),
      typescript: '5.9.3',
      '@types/node': '20.19.43',
    });
  });

  afterAll(() => consumer[Symbol.asyncDispose]());

  const matrix = versions.flatMap((version) => resolutions.map((resolution) => [version, resolution] as const));

  test.each(matrix)('compiles and works with TypeScript %s and %s', async (version, moduleResolution) => {
    const program = await compile(consumer, { typescript: `typescript-${version}`, moduleResolution });
    await using server = await startProgramServer();
    expect(await runProgram(program, server.url)).toBe(programOutput);
  });

  test.each(versions)("compiles with TypeScript %s where a browser's globals are unknown", async (version) => {
    const program = compile(consumer, {
      typescript: `typescript-${version}`,
      moduleResolution: 'nodenext',
      dom: false,
    });
    await expect(program).resolves.toMatch(/program\.js$/);
  });

  test('has a README whose program compiles', async () => {
    const readme = await readFile(join(consumer.folder, 'node_modules/@portico/sdk/README.md'), 'utf8');
    const [, program = ''] = /^```ts\n(.*?)^```/ms.exec(readme) ?? [];
    expect(program).toContain('createPortico');
    await writeFile(join(consumer.folder, 'readme.ts'), program);
    const compiled = compile(consumer, {
      typescript: 'typescript',
      moduleResolution: 'nodenext',
      file: 'readme.ts',
    });
    await expect(compiled).resolves.toMatch(/readme\.js$/);
  });

  test.each(versions)('has declarations that TypeScript %s finds sound, libraries included', async (version) => {
    const program = compile(consumer, {
      typescript: `typescript-${version}`,
      moduleResolution: 'nodenext',
      skipLibCheck: false,
    });
    await expect(program).resolves.toMatch(/program\.js$/);
  });
});
