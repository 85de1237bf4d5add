import { execFile } from 'node:child_process';
import { cp, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explainSkip } from '../harness/measured.ts';
import { openWorkbench, type Service, type Workbench } from '../new/workbench.ts';

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

  it.each([
    { name: 'digits', page: 'docs/wrap-a-model.md' },
    { name: 'penguins', page: 'examples/penguins/README.md' },
  ])('is what the command of its page makes, but for what was adapted: $name', async ({ name, page }) => {
    const text = await readFile(join(examples, '..', page), 'utf8');
    const [, words = ''] =
      new RegExp(`^(?:npx --ignore-scripts @portico/server|portico) (new ${name} .*--preset.*)$`, 'm').exec(text) ?? [];
    const place = `made-${name}`;
    await mkdir(join(bench.folder, place));
    await cp(join(examples, name, name, 'weights', `${name}.onnx`), join(bench.folder, place, `${name}.onnx`));
    await bench.portico(place, ...words.split(' '), '--yes', '--no-install');
    const files = [
      'main.ts',
      'models.ts',
      'package.json',
      'CLAUDE.md',
      'Dockerfile',
      'kubernetes.yaml',
      `${name}/weights/${name}.onnx`,
    ];
    for (const file of files) {
      const made = await readFile(join(bench.folder, place, name, file));
      expect([file, made.equals(await readFile(join(examples, name, file)))]).toEqual([file, true]);
    }
  });

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
    if (name === 'digits') await promisesHold(service);
    const client = await bench.run(name, 'env', `PORTICO_URL=${service.url}`, 'npm', 'run', '--silent', 'client');
    expect(client).toMatch(prints);
    const document = (await (await fetch(`${service.url}/openapi.json`)).json()) as { paths: object };
    expect(Object.keys(document.paths)).toContain(`/${task}`);
  });
});

/** Sends the requests of the guide's table, from the folder of the example. */
async function promisesHold({ url }: Service): Promise<void> {
  const guide = await readFile(join(examples, '../docs/wrap-a-model.md'), 'utf8');
  const requests = [...guide.matchAll(/^\| `(curl [^`]+)` \| (?:`(\{[^`]*\})`|(\d{3})?)/gm)];
  const answers: unknown[] = [];
  for (const [, command = ''] of requests) {
    const line = command.replaceAll('http://localhost:8000', url);
    answers.push((await promisify(execFile)('sh', ['-c', line], { cwd: join(examples, 'digits') })).stdout);
  }
  expect(answers).toHaveLength(6);
  for (const [at, [, command, output, status]] of requests.entries()) {
    if (output !== undefined) expect([command, answers[at]]).toEqual([command, output]);
    else if (command?.includes('/ready') === true) expect(answers[at]).toMatch(/^HTTP\/1\.1 200/);
    else expect([command, answers[at]]).toEqual([command, expect.stringMatching(new RegExp(`^HTTP/1\\.1 ${status}`))]);
  }
}
