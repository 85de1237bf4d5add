import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type ModelDescription, ModelList, type TensorDescription } from '@portico/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explainSkip } from '../../harness/measured.ts';
import { type ServerProcess, startServer } from '../../harness/server-process.ts';
import { infer, type Output } from '../../v2/support/infer.ts';
import { findPython, tables } from './python.ts';

const portico = join(import.meta.dirname, '../../../../../packages/server/dist/cli/main.js');
const run = promisify(execFile);
const exportMs = 280_000;
const python = await findPython(tables);
if ('missing' in python) explainSkip(`there is no Python with libraries for tables: ${python.missing}`);

interface Tensor {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly data: readonly unknown[];
}
/** As Python has an output: a tensor, or a map from class to probability for each row. */
type Expected = Tensor | { readonly name: string; readonly maps: readonly Readonly<Record<string, number>>[] };
interface Case {
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Expected[];
}

describe.skipIf('missing' in python)('What libraries for tables export by default', () => {
  if ('missing' in python) return;
  const folder = mkdtempSync(join(tmpdir(), 'portico-default-exports-'));
  let server: ServerProcess;
  let written: { readonly onnxruntime: string; readonly cases: Readonly<Record<string, Case>> };
  let models: readonly ModelDescription[];

  beforeAll(async () => {
    const script = join(import.meta.dirname, 'default_exports.py');
    await run(python.command, ['-W', 'ignore', script, folder], { timeout: exportMs });
    written = JSON.parse(readFileSync(join(folder, 'cases.json'), 'utf8')) as typeof written;
    server = await startServer({ MODEL_NAME: '', MODEL_REPOSITORY: folder });
    await server.ready();
    ({ models } = ModelList.parse(await (await fetch(`${server.url}/models`)).json()));
  }, exportMs);
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });

  const described = (name: string, output: number): TensorDescription | undefined => {
    const model = models.find((each) => each.name === name);
    return model?.kind === 'tensors' ? model.outputs?.[output] : undefined;
  };

  it('is compared in one version of ONNX Runtime', () => {
    expect(new Set(models.map(({ versions }) => versions.onnxruntime))).toEqual(new Set([written.onnxruntime]));
  });

  it('is served with the values that ONNX Runtime gives in Python', async () => {
    let largest = 0;
    for (const [name, { inputs, outputs }] of Object.entries(written.cases)) {
      const reply = await infer(server, name, { inputs });
      expect([name, reply.status, reply.json.error]).toEqual([name, 200, undefined]);
      const wanted = outputs.map((output, index) =>
        'maps' in output ? tensorOf(output.maps, described(name, index)) : output,
      );
      expect([name, reply.outputs.map(withoutNumbers)]).toEqual([name, wanted.map(withoutNumbers)]);
      const differences = wanted.flatMap(({ data }, index) =>
        data.map((value, at) => differenceOf(value, reply.outputs[index]?.data?.[at])),
      );
      largest = Math.max(largest, ...differences);
    }
    const count = Object.keys(written.cases).length;
    process.stderr.write(`measured: default exports: ${count} models, largest difference ${largest}\n`);
    expect(count).toBeGreaterThanOrEqual(35);
    expect(largest).toBeLessThan(1e-6);
  });

  it('is a service of its own too, with the classes by name where they have one', async () => {
    const named = '["setosa", "versicolor", "virginica"]';
    const numbered = 'One number a class, in this order: 0, 1, 2.';
    for (const [name, classes] of Object.entries({
      LogisticRegression: named,
      LightGBMWhole: numbered,
      CatBoostTexts: named,
    })) {
      const words = ['new', name.toLowerCase(), `${name}.onnx`, '--preset', 'tabular', '--yes', '--no-install'];
      await run(process.execPath, [portico, ...words], { cwd: folder });
      const project = join(folder, name.toLowerCase());
      const { stdout } = await run('find', [project, '-name', 'contract.ts', '-not', '-path', '*/node_modules/*']);
      expect(readFileSync(stdout.trim(), 'utf8')).toContain(classes);
    }
  });
});

/** What is served for maps: a column for each class, as the model lists them. */
function tensorOf(maps: readonly Readonly<Record<string, number>>[], described: TensorDescription | undefined): Tensor {
  const labels = described?.labels ?? [];
  const data = maps.flatMap((row) => labels.map((label) => row[label]));
  return {
    name: described?.name ?? '',
    datatype: 'FP32',
    shape: [maps.length, Object.keys(maps[0] ?? {}).length],
    data,
  };
}

/** All of a tensor but its numbers, which are compared by how much they differ. */
const withoutNumbers = ({ name, datatype, shape, data = [] }: Output): unknown => ({
  name,
  datatype,
  shape,
  data: data.map((value) => (typeof value === 'number' ? 'a number' : value)),
});

/** Relative to large values. */
const differenceOf = (one: unknown, other: unknown): number => {
  if (typeof one !== 'number') return 0;
  return Number.isNaN(Number(other)) ? Infinity : Math.abs(one - Number(other)) / Math.max(1, Math.abs(one));
};
