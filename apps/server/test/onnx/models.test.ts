import * as ort from 'onnxruntime-node';
import { expect, it } from 'vitest';
import { dense, doubling, loop } from './models.ts';

process.env['ORT_DISABLE_TELEMETRY'] = '1';

it('the doubling fixture doubles', async () => {
  const session = await ort.InferenceSession.create(doubling());
  const { y } = await session.run({ x: new ort.Tensor('float32', [1, 2, 3, 4], [4]) });
  expect([...((y?.data ?? []) as Float32Array)]).toEqual([2, 4, 6, 8]);
});

it('the loop fixture takes as many turns as its input says', async () => {
  const session = await ort.InferenceSession.create(loop());
  const { count } = await session.run({ trips: new ort.Tensor('int64', BigInt64Array.of(1_000n), []) });
  expect(count?.data[0]).toBe(1_000);
});

it('the dense fixture has a free first axis', async () => {
  const session = await ort.InferenceSession.create(dense(2, 8));
  const { y } = await session.run({ x: new ort.Tensor('float32', new Float32Array(24).fill(1), [3, 8]) });
  expect(y?.dims).toEqual([3, 8]);
});
