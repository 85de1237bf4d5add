import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compile } from './compile.ts';
import { installConsumer } from './consumer.ts';
import { expectedReport } from './expected-report.ts';
import { apiKey, startServerOfAllKinds } from './live-server.ts';
import type { ServingProcess } from '../serving-process.ts';
import { installProject, type Project } from './project.ts';
import { reportOf } from './report.ts';
import { samples } from './samples.ts';

/** What the program reports whose contract has tasks of every kind. */
const expectedOfAllKinds = {
  copy: ['text/plain', 5],
  copyBatch: [5, 'UNSUPPORTED_MEDIA_TYPE'],
  copyBlob: ['application/octet-stream', 'hellohello'],
  compare: [false, 'image/png', 'text/plain', 'a note'],
  compareSame: true,
  compareStream: ['image/png', 'image/png'],
  compareBatch: [true, false, 'BAD_INPUT'],
  say: 'data:audio/wav;base64,',
  sayBlob: ['audio/wav', 'RIFF'],
  cutOut: ['image/png', 'image/png'],
  missing: 'BAD_INPUT',
  wrong: 'UNSUPPORTED_MEDIA_TYPE',
};

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
    server = await startServerOfAllKinds();
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
      untyped: ['object', 'object'],
    });
  });

  test.each(matrix)(
    'asks tasks of every kind, with exact types, with TypeScript %s and %s',
    async (version, moduleResolution) => {
      const files = ['all-kinds.ts'];
      const program = await compile(consumer, { typescript: `typescript-${version}`, moduleResolution, files });
      expect(await reportOf(process.execPath, [program, server.url, apiKey, samples])).toEqual(expectedOfAllKinds);
    },
  );

  const commonJs = [['5.9.3', 'node10'], ...versions.map((version) => [version, 'nodenext'] as const)] as const;
  test.each(commonJs)('is required by CommonJS of TypeScript %s with %s', async (version, moduleResolution) => {
    const files = ['required.cts'];
    const program = await compile(consumer, { typescript: `typescript-${version}`, moduleResolution, files });
    expect(await reportOf(process.execPath, [program, server.url, apiKey, samples])).toEqual({
      tasks: ['ocr', 'faces', 'segment', 'vad', 'embed'],
      lines: 15,
      starts: [0.802, 4.386],
      refusal: true,
    });
  });

  test('works in Node 24', async () => {
    const program = await compile(consumer, { typescript: 'typescript-7.0.2', moduleResolution: 'nodenext' });
    const { node } = await reportOf(newerNode.path, ['-p', 'JSON.stringify(process.versions)']);
    expect(node).toMatch(/^24\./);
    expect(await reportOf(newerNode.path, [program, server.url, apiKey, samples])).toEqual(expectedReport);
    const files = ['all-kinds.ts'];
    const kinds = await compile(consumer, { typescript: 'typescript-7.0.2', moduleResolution: 'nodenext', files });
    expect(await reportOf(newerNode.path, [kinds, server.url, apiKey, samples])).toEqual(expectedOfAllKinds);
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
