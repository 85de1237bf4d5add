import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { denseWeights, writeDenseFile } from './dense-file.ts';

test('ONNX Runtime loads the file with its weights beside it, and multiplies by them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'portico-bench-test-'));
  try {
    const width = 72;
    const path = join(folder, 'dense.onnx');
    writeDenseFile(path, { layers: 2, width });
    const session = await InferenceSession.create(path);
    const x = Float32Array.from({ length: width }, (_, index) => index / width);
    const { y } = await session.run({ x: new Tensor('float32', x, [1, width]) });
    const expected = multiply(multiply(x, width), width);
    expect(Math.max(...expected)).toBeGreaterThan(0.1);
    expect([...((y?.data ?? []) as Float32Array)].map((value) => value.toFixed(4))).toEqual(
      [...expected].map((value) => value.toFixed(4)),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

function multiply(x: Float32Array, width: number): Float32Array {
  const weights = denseWeights(width);
  return Float32Array.from({ length: width }, (_, column) => {
    const sum = x.reduce((sum, value, row) => sum + value * (weights[row * width + column] ?? 0), 0);
    return Math.max(0, sum);
  });
}
