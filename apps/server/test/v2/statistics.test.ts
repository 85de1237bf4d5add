import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ServerProcess } from '../harness/server-process.ts';
import { plus } from './support/files.ts';
import { infer } from './support/infer.ts';
import { serve } from './support/serve.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await serve({ 'net/1/model.onnx': plus(1), 'net/2/model.onnx': plus(2), 'other.onnx': plus(3) });
  await server.ready();
});
afterAll(() => server[Symbol.asyncDispose]());

interface Duration {
  readonly count: number;
  readonly ns: number;
}
type Phases = Readonly<Record<'compute_input' | 'compute_infer' | 'compute_output', Duration>>;
interface Statistics {
  readonly name: string;
  readonly version: string;
  readonly last_inference: number;
  readonly inference_count: number;
  readonly execution_count: number;
  readonly inference_stats: Phases & Readonly<Record<'success' | 'fail' | 'queue' | 'cache_hit', Duration>>;
  readonly batch_stats: readonly (Phases & { readonly batch_size: number })[];
  readonly memory_usage: readonly { readonly byte_size: number }[];
}

async function statistics(path: string): Promise<readonly Statistics[]> {
  const response = await fetch(`${server.url}/v2/models${path}`);
  expect(response.status).toBe(200);
  return ((await response.json()) as { readonly model_stats: readonly Statistics[] }).model_stats;
}

async function only(path: string): Promise<Statistics> {
  const [first, ...others] = await statistics(path);
  if (first === undefined || others.length > 0)
    throw new Error(`${path} has the statistics of several versions, or none`);
  return first;
}

const row = { inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 2], data: [1, 2] }] };

it('are those of all models, of all versions of one, or of one version', async () => {
  const named = async (path: string) => (await statistics(path)).map(({ name, version }) => `${name}:${version}`);
  expect(await named('/stats')).toEqual(['net:1', 'net:2', 'other:1']);
  expect(await named('/net/stats')).toEqual(['net:1', 'net:2']);
  expect(await named('/net/versions/1/stats')).toEqual(['net:1']);
});

it('are zero before the first request', async () => {
  const { last_inference, inference_count, execution_count, inference_stats, batch_stats } = await only('/other/stats');
  expect([last_inference, inference_count, execution_count]).toEqual([0, 0, 0]);
  for (const duration of Object.values(inference_stats)) expect(duration).toEqual({ count: 0, ns: 0 });
  expect(batch_stats).toEqual([]);
});

it('count successes, failures and runs, and the nanoseconds of each', async () => {
  const startedAt = Date.now();
  for (let request = 0; request < 3; request++) expect((await infer(server, 'net/versions/1', row)).status).toBe(200);
  for (const wrong of ['{', { inputs: [] }]) expect((await infer(server, 'net/versions/1', wrong)).status).toBe(400);

  const { inference_stats, batch_stats, ...counts } = await only('/net/versions/1/stats');
  expect(counts).toMatchObject({ name: 'net', version: '1', inference_count: 3, execution_count: 3 });
  expect(counts.last_inference).toBeGreaterThanOrEqual(startedAt);
  expect(counts.last_inference).toBeLessThanOrEqual(Date.now());
  expect(counts.memory_usage[0]?.byte_size).toBeGreaterThan(1_000_000);
  const { success, fail, queue, compute_input, compute_infer, compute_output, cache_hit } = inference_stats;
  const count = ({ count }: Duration): number => count;
  expect([success, fail, queue, compute_input, compute_infer, compute_output, cache_hit].map(count)).toEqual([
    3, 2, 3, 3, 3, 3, 0,
  ]);
  expect(compute_infer.ns).toBeGreaterThan(0);
  expect(success.ns).toBeGreaterThanOrEqual(queue.ns + compute_input.ns + compute_infer.ns + compute_output.ns);
  expect(batch_stats).toEqual([{ batch_size: 1, compute_input, compute_infer, compute_output }]);
  expect((await only('/net/versions/2/stats')).inference_count).toBe(0);
});

it('count what came over other protocols', async () => {
  const { inference_count } = await only('/other/stats');
  const response = await fetch(`${server.url}/v1/models/other:predict`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ instances: [[1, 2]] }),
  });
  expect(response.status).toBe(200);
  expect((await only('/other/stats')).inference_count).toBe(inference_count + 1);
});
