import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compile, type Consumer, contractOutput, installConsumer, runFile } from './consumer.ts';

const versions = ['5.9.3', '6.0.3', '7.0.2'];
const resolutions = ['nodenext', 'bundler'] as const;
const compilers = Object.fromEntries(
  versions.map((version) => [`typescript-${version}`, `npm:typescript@${version}`] as const),
);

// The oldest Zod that the package admits, and the one it is tested with.
describe.each(['4.1.0', '4.6.7'])('the packed schemas with Zod %s', (zod) => {
  let consumer: Consumer;

  beforeAll(async () => {
    consumer = await installConsumer({ zod, '@types/node': '20.19.43', ...compilers });
  });

  afterAll(() => consumer[Symbol.asyncDispose]());

  const matrix = versions.flatMap((version) => resolutions.map((resolution) => [version, resolution] as const));

  test.each(matrix)('let a contract compile and work with TypeScript %s and %s', async (version, moduleResolution) => {
    const contract = await compile(consumer, { typescript: `typescript-${version}`, moduleResolution });
    expect(await runFile(contract)).toBe(contractOutput);
  });

  test('have a README whose contract compiles', async () => {
    const readme = await readFile(join(consumer.folder, 'node_modules/@portico/schemas/README.md'), 'utf8');
    const [, contract = ''] = /^```ts\n(.*?)^```/ms.exec(readme) ?? [];
    expect(contract).toContain('defineTask');
    await writeFile(join(consumer.folder, 'readme.ts'), contract);
    const compiled = compile(consumer, {
      typescript: 'typescript-5.9.3',
      moduleResolution: 'nodenext',
      file: 'readme.ts',
    });
    await expect(compiled).resolves.toMatch(/readme\.js$/);
  });
});
