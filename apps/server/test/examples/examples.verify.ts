import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explainSkip } from '../harness/measured.ts';
import { openWorkbench, type Workbench } from '../new/workbench.ts';

const examples = join(import.meta.dirname, '../../../../examples');

interface Example {
  readonly name: string;
  readonly task: string;
  /** Below its folder. */
  readonly sample: string;
  /** What the client prints. */
  readonly prints: RegExp;
}

const rows: readonly Example[] = [
  { name: 'digits', task: 'digits', sample: 'digits/sample.png', prints: /^digits\/sample\.png: 4 \(1\.0000\)$/m },
  { name: 'penguins', task: 'penguins', sample: 'penguins/sample.json', prints: /^Chinstrap \(0\.9889\)$/m },
  {
    name: 'file-types',
    task: 'fileType',
    sample: 'samples/program.py',
    prints: /^samples\/program\.py: python, Python source \(1\.000\)$/m,
  },
];

describe('the examples, with packages from a registry', { retry: 0 }, () => {
  let bench: Workbench;
  beforeAll(async () => {
    bench = await openWorkbench();
  }, 300_000);
  afterAll(() => bench?.[Symbol.asyncDispose]());

  it.each(rows)('is formatted, linted, typed, tested, and answers: $name', async ({ name, task, sample, prints }) => {
    await cp(join(examples, name), join(bench.folder, name), { recursive: true });
    const { scripts } = JSON.parse(await readFile(join(examples, name, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    await bench.run(name, 'npm', 'install', '--no-audit', '--no-fund');
    if ('weights' in scripts) {
      const missing = await bench.run(name, 'npm', 'run', 'weights').then(
        () => undefined,
        (error: Error) => error.message.trim().split('\n').at(-1),
      );
      if (missing !== undefined) {
        expect(process.env['CI']).toBeUndefined();
        return explainSkip(`the weights of ${name} cannot be fetched: ${missing}`);
      }
    }
    await bench.run(name, 'npx', 'oxfmt', '--check', '.');
    await bench.run(name, 'npm', 'run', 'lint');
    await bench.run(name, process.execPath, bench.typescript59, '--noEmit');
    expect(await bench.run(name, 'npm', 'test')).toContain('# fail 0');
    expect(JSON.parse(await bench.run(name, 'npm', 'run', '--silent', 'try', '--', task, sample))).toBeTypeOf('object');

    await using service = await bench.start(name);
    const client = await bench.run(name, 'env', `PORTICO_URL=${service.url}`, 'npm', 'run', '--silent', 'client');
    expect(client).toMatch(prints);
    const document = (await (await fetch(`${service.url}/openapi.json`)).json()) as { paths: object };
    expect(Object.keys(document.paths)).toContain(`/${task}`);
  });
});
