import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readOnnx } from '@portico/server/internal/onnx/read-onnx';
import { afterAll, describe, expect, it } from 'vitest';
import { explainSkip } from '../../harness/measured.ts';
import { findPython, frameworks } from './python.ts';

const root = join(import.meta.dirname, '../../../../..');
const portico = join(root, 'packages/server/dist/cli/main.js');
const runMs = 280_000;
const python = await findPython(frameworks);
if ('missing' in python) explainSkip(`there is no Python with PyTorch, Keras and scikit-learn: ${python.missing}`);

describe.skipIf('missing' in python)('from Python to ONNX', () => {
  if ('missing' in python) return;
  const folder = mkdtempSync(join(tmpdir(), 'portico-from-python-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** What a script prints as its last line. */
  const printed = async (script: string, ...words: readonly string[]): Promise<string> => {
    const options = { cwd: folder, timeout: runMs };
    const { stdout } = await promisify(execFile)(python.command, ['-W', 'ignore', script, ...words], options);
    return stdout.trim().split('\n').at(-1) ?? '';
  };
  const tensors = async (file: string): Promise<unknown> => {
    const { inputs, outputs } = await readOnnx(join(folder, file));
    return [...inputs, ...outputs].map(({ name, type, shape }) => [name, type, shape]);
  };

  const guide = readFileSync(join(root, 'docs/from-python.md'), 'utf8');
  const programs = [...guide.matchAll(/^```python\n(# (\S+\.py)\n.*?)^```/gms)];

  it('the guide has a program for each framework', () => {
    expect(programs.map(([, , name]) => name)).toEqual(['export_pytorch.py', 'export_sklearn.py', 'export_keras.py']);
  });

  it.each(programs.map(([, code = '', name = '']) => [name, code]))(
    '%s exports a file that computes the same',
    async (name, code) => {
      writeFileSync(join(folder, name), code);
      expect(await printed(name)).toMatch(/^largest difference: \d\.\de-\d\d|^largest difference: 0\.0e\+00/);
    },
  );

  it('the files have the names and axes that the guide speaks of', async () => {
    expect(await tensors('digits.onnx')).toEqual([
      ['image', 'float32', ['batch', 1, 8, 8]],
      ['logits', 'float32', ['batch', 10]],
    ]);
    expect(await tensors('flats.onnx')).toEqual([
      ['area', 'float32', [null, 1]],
      ['rooms', 'float32', [null, 1]],
      ['city', 'string', [null, 1]],
      ['output_label', 'string', [null]],
      ['output_probability', 'float32', [null, 3]],
    ]);
    expect(await tensors('iris.onnx')).toEqual([
      ['measurements', 'float32', [expect.any(String), 4]],
      [expect.any(String), 'float32', [expect.anything(), 3]],
    ]);
  });

  it('the commands of the guide make a service of each file', async () => {
    const commands = [...guide.matchAll(/^npx (?:portico|--ignore-scripts @portico\/server) (.*)$/gm)];
    expect(commands.map(([, words = '']) => words.split(' ').slice(0, 2))).toEqual([
      ['inspect', 'digits.onnx'],
      ['new', 'digits'],
      ['new', 'flats'],
      ['new', 'iris'],
    ]);
    for (const [, words = ''] of commands) {
      const more = words.startsWith('new') ? ['--yes', '--no-install'] : [];
      await promisify(execFile)(process.execPath, [portico, ...words.split(' '), ...more], { cwd: folder });
    }
    for (const name of ['digits', 'flats', 'iris'])
      expect(existsSync(join(folder, name, name, 'weights', `${name}.onnx`))).toBe(true);
  });

  it(
    'the digits example trains its network anew',
    async () => {
      const report = await printed(join(root, 'examples/digits/training/train.py'), join(folder, 'digits-training'));
      const { accuracy, largestDifference } = JSON.parse(report) as Record<string, number>;
      process.stderr.write(`measured: digits: ${report}\n`);
      expect(accuracy).toBeGreaterThan(0.98);
      expect(largestDifference).toBeLessThan(1e-4);
    },
    runMs,
  );

  it('the penguins example trains its pipeline anew', async () => {
    const report = await printed(join(root, 'examples/penguins/training/train.py'), join(folder, 'penguins-training'));
    const { accuracy, largestDifference } = JSON.parse(report) as Record<string, number>;
    process.stderr.write(`measured: penguins: ${report}\n`);
    expect(accuracy).toBeGreaterThan(0.97);
    expect(largestDifference).toBeLessThan(1e-5);
  });
});
