import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { defineTask, errorTable, file, form, image, json, tasks } from '@portico/schemas';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { contractSource, errorFactsSource } from './contract-source.ts';

const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');

const comments = (...names: string[]): Map<string, string> =>
  new Map(names.map((name) => [name, `/** About ${name}. */`]));

test('the written types are the inferred ones', () => {
  const folder = mkdtempSync(join(import.meta.dirname, '../node_modules/.contract-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'written.ts'), contractSource(Object.values(tasks), comments(...Object.keys(tasks))));
  const names = ['Device', 'ErrorCode', 'GpuStatus', 'ModelList', 'Problem', 'ReadyStatus', 'TaskContracts'];
  const assertions = names.map((name) => `assertType<Equal<Written.${name}, Inferred.${name}>>();`);
  writeFileSync(
    join(folder, 'equal.ts'),
    `import { assertType, type Equal } from '../../test/equal.ts';
import type * as Inferred from '../../src/contract.ts';
import type * as Written from './written.ts';
${assertions.join('\n')}
// @ts-expect-error the assertion can fail
assertType<Equal<Written.Device, Written.ErrorCode>>();`,
  );
  const config = { extends: '../../tsconfig.json', include: ['./*.ts'] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const { stdout, status } = spawnSync(process.execPath, [compiler, '-p', folder], { encoding: 'utf8' });
  expect([stdout, status]).toEqual(['', 0]);
});

test('the written rows of errors are those of the error table, without their words', async () => {
  const { errorFacts } = (await import(`data:text/javascript,${encodeURIComponent(errorFactsSource())}`)) as {
    errorFacts: Record<string, object>;
  };
  expect(Object.keys(errorFacts)).toEqual(Object.keys(errorTable));
  for (const [code, facts] of Object.entries(errorFacts)) {
    expect(Object.keys(facts)).toEqual(['status', 'retryable']);
    expect(errorTable).toMatchObject({ [code]: facts });
  }
});

test('each task is written with its doc comment, its kind and named types', () => {
  const embed = defineTask({
    name: 'embed',
    summary: 'Embed texts.',
    accepts: json(z.array(z.string())),
    params: z.object({ normalize: z.boolean().default(true) }),
    output: z.object({ vectors: z.array(z.array(z.number())) }),
  });
  const text = contractSource([embed], comments('embed', 'EmbedParams'));
  expect(text).toContain('export type EmbedInput = string[];');
  expect(text).toContain('/** About EmbedParams. */\nexport interface EmbedParams {');
  expect(text).toContain(
    "/** About embed. */\nembed: { accepts: 'json'; input: EmbedInput; params: EmbedParams; output: EmbedOutput; item: never; produces: never };",
  );
});

test('several files are written by their names', () => {
  const compare = defineTask({
    name: 'compare',
    summary: 'Compare two files.',
    accepts: form({ left: image(), right: file() }),
    params: z.object({}),
    output: z.object({ distance: z.number() }),
  });
  const text = contractSource([compare], comments('compare'));
  expect(text).toContain("compare: { accepts: 'form'; input: { left: FileInput; right: FileInput };");
  expect(text).toContain("import type { FileInput } from './files/file-input.ts';");
});

test('a task without a doc comment is refused', () => {
  expect(() => contractSource(Object.values(tasks), new Map())).toThrow('The task ocr has no doc comment.');
});

test('one name for two shapes is refused', () => {
  const Box = z.object({ size: z.number().default(1) }).meta({ id: 'Box' });
  const crop = defineTask({
    name: 'crop',
    summary: 'Crop.',
    accepts: image(),
    params: z.object({ box: Box.default({ size: 1 }) }),
    output: z.object({ box: Box }),
  });
  expect(() => contractSource([crop], comments('crop'))).toThrow('Box differs as input and as output');
});
