import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { eventually } from '../harness/server-process.ts';
import { plus, slow } from './support/files.ts';
import { infer } from './support/infer.ts';
import { serve } from './support/serve.ts';

it('a slow model is served without the whole trial, and log and readiness say what is tried and what decides', async () => {
  const cache = mkdtempSync(join(tmpdir(), 'row-trials-'));
  onTestFinished(() => rmSync(cache, { recursive: true }));
  // At the second start, what the trial of the other file has shown is remembered, and this one is tried again.
  for (let start = 0; start < 2; start += 1) {
    await using server = await serve(
      { 'slow.onnx': slow(150_000), 'plus.onnx': plus(1) },
      { REPLICAS: '1', MODEL_CACHE_DIR: cache },
    );
    await eventually(async () => {
      const { detail } = (await (await fetch(`${server.url}/ready`)).json()) as { detail?: string };
      return detail?.includes('tensors/slow:1 is not ready: trying whether rows may share a run');
    });
    await server.ready();
    expect(server.log.map(({ msg }) => String(msg)).filter((msg) => msg.includes('runs alone'))).toEqual([
      'tensors/slow:1: each request runs alone: the trial whether rows may share a run needs more than 1.5 s. ' +
        'TENSOR_BATCHING=on lets it finish; off skips it',
    ]);
    expect(readdirSync(join(cache, 'row-trials'))).toHaveLength(1);
    const ready = await server.logged(({ msg }) => String(msg).startsWith('Ready after '));
    expect(ready).toMatchObject({ msg: expect.stringContaining('(models: 2 of 2)'), models: 2, ready: 2 });
    const x = { name: 'x', datatype: 'FP32', shape: [1, 2], data: [1, 2] };
    expect((await infer(server, 'slow', { inputs: [x] })).outputs[0]?.data).toEqual([1, 2]);
  }
});
