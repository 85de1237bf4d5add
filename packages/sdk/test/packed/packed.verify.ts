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

  test.each(versions)('has declarations that TypeScript %s finds sound, libraries included', async (version) => {
    await compile(consumer, {
      typescript: `typescript-${version}`,
      moduleResolution: 'nodenext',
      skipLibCheck: false,
    });
  });
});
