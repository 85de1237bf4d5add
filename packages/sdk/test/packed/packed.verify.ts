import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compile } from './compile.ts';
import { installConsumer } from './consumer.ts';
import { expectedReport } from './expected-report.ts';
import { apiKey, startLiveServer } from './live-server.ts';
import type { ServingProcess } from '../serving-process.ts';
import { installProject, type Project } from './project.ts';
import { reportOf } from './report.ts';
import { samples } from './samples.ts';

const versions = ['5.9.3', '6.0.3', '7.0.2'];
const resolutions = ['nodenext', 'bundler'] as const;

describe('the packed SDK', () => {
  let consumer: Project;
  let server: ServingProcess;
  let newerNode: OtherNode;

  beforeAll(async () => {
    const compilers = versions.map((version) => [`typescript-${version}`, `npm:typescript@${version}`]);
    consumer = await installConsumer(
      { ...Object.fromEntries(compilers), '@types/node': '20.19.43', zod: '4.6.7' },
      { packages: ['sdk', 'schemas'] },
    );
    newerNode = await installNode(24);
    server = await startLiveServer();
  });

  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    await newerNode?.[Symbol.asyncDispose]();
    await consumer?.[Symbol.asyncDispose]();
  });

  const matrix = versions.flatMap((version) => resolutions.map((resolution) => [version, resolution] as const));

  test.each(matrix)('compiles with TypeScript %s and %s and works in this Node', async (version, moduleResolution) => {
    const program = await compile(consumer, { typescript: `typescript-${version}`, moduleResolution });
    expect(await reportOf(process.execPath, [program, server.url, apiKey, samples])).toEqual(expectedReport);
  });

  test.each(matrix)('has a contract of its own with TypeScript %s and %s', async (version, moduleResolution) => {
    const files = ['own-contract.ts'];
    const program = await compile(consumer, { typescript: `typescript-${version}`, moduleResolution, files });
    expect(await reportOf(process.execPath, [program, server.url, apiKey, samples])).toEqual({
      faces: 1,
      embed: 24,
      image: 'image/png',
      starts: [0.802, 4.386],
      trpc: 24,
    });
  });

  test('works in Node 24', async () => {
    const program = await compile(consumer, { typescript: 'typescript-7.0.2', moduleResolution: 'nodenext' });
    const { node } = await reportOf(newerNode.path, ['-p', 'JSON.stringify(process.versions)']);
    expect(node).toMatch(/^24\./);
    expect(await reportOf(newerNode.path, [program, server.url, apiKey, samples])).toEqual(expectedReport);
  });

  test.each(versions)("compiles with TypeScript %s where a browser's globals are unknown", async (version) => {
    const compiled = compile(consumer, {
      typescript: `typescript-${version}`,
      moduleResolution: 'nodenext',
      dom: false,
    });
    await expect(compiled).resolves.toMatch(/program\.js$/);
  });

  test.each(versions)('has declarations that TypeScript %s finds sound, libraries included', async (version) => {
    const compiled = compile(consumer, {
      typescript: `typescript-${version}`,
      moduleResolution: 'nodenext',
      skipLibCheck: false,
    });
    await expect(compiled).resolves.toMatch(/program\.js$/);
  });

  test('has a README whose program compiles', async () => {
    const readme = await readFile(join(consumer.folder, 'node_modules/@portico/sdk/README.md'), 'utf8');
    const [, program = ''] = /^```ts\n(.*?)^```/ms.exec(readme) ?? [];
    expect(program).toContain('createPortico');
    await writeFile(join(consumer.folder, 'readme.ts'), program);
    const compiled = compile(consumer, {
      typescript: 'typescript-7.0.2',
      moduleResolution: 'nodenext',
      files: ['readme.ts'],
    });
    await expect(compiled).resolves.toMatch(/readme\.js$/);
  });
});

const platform = process.platform === 'win32' ? 'win' : process.platform;
const packageName = `node-${platform}-${process.arch}`;

/** A newer Node, from the npm package that carries it. */
interface OtherNode extends AsyncDisposable {
  readonly path: string;
}

/** Installs the newest Node of a major version in a folder of its own. */
async function installNode(major: number): Promise<OtherNode> {
  const project: Project = await installProject({ [packageName]: String(major) });
  return {
    path: join(project.folder, 'node_modules', packageName, platform === 'win' ? 'bin/node.exe' : 'bin/node'),
    [Symbol.asyncDispose]: () => project[Symbol.asyncDispose](),
  };
}
