import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { storedWeights } from '../fixtures/tasks.ts';
import { ask } from '../harness/ask.ts';
import { metric } from '../harness/metric.ts';
import { eventually, type ServerProcess, startServer } from '../harness/server-process.ts';

let modules: string;
beforeAll(async () => {
  modules = await mkdtemp(join(tmpdir(), 'portico-modules-'));
});
afterAll(() => rm(modules, { recursive: true }));

/** Waits until `/ready` gives such a reason. */
const refusal = ({ url }: ServerProcess, reason: RegExp): Promise<string> =>
  eventually(async () => {
    const response = await fetch(`${url}/ready`);
    const { detail } = (await response.json()) as { detail?: string };
    return response.status === 503 && detail !== undefined && reason.test(detail) ? detail : undefined;
  });

const store = async (bytes: Uint8Array): Promise<void> => {
  await mkdir(join(modules, storedWeights.package), { recursive: true });
  await writeFile(join(modules, storedWeights.package, storedWeights.path), bytes);
};

it('weights that are missing or cut off keep readiness off, with the reason, until they are right', async () => {
  await using server = await startServer({ MODEL_NAME: 'loading:stored', NODE_PATH: modules });
  await refusal(server, /Weights portico-fixture-weights\/doubling\.onnx are not installed/);
  await store(storedWeights.bytes.subarray(0, 40));
  const detail = await refusal(server, /have sha256/);
  expect(detail).toMatch(/Weights net .+ have sha256 [0-9a-f]{64}, expected [0-9a-f]{64}/);
  expect((await ask(server, 'loading', { value: 2 })).body['code']).toBe('NOT_READY');
  expect((await fetch(`${server.url}/health`)).status).toBe(200);

  await store(storedWeights.bytes);
  await server.ready();
  expect((await ask(server, 'loading', { value: 2 })).body).toEqual({ double: 4 });
});

it('a file with other tensors than the model expects is refused, and the reason names both sides', async () => {
  await using server = await startServer({ MODEL_NAME: 'loading:mistaken' });
  const detail = await refusal(server, /is not the file this model was written for/);
  expect(detail).toContain('the model expects input "x" as float32[8], the file has float32[4]');
  expect(detail).toContain('the model expects an output "z", the file has "y"');
});

it('an engine that ends while it loads is tried again, ever less often, and no other model waits for it', async () => {
  await using server = await startServer({ MODEL_NAME: 'loading:exits,dense' });
  await refusal(server, /Model loading is not ready: exited with code 3/);
  await eventually(async () => ((await ask(server, 'dense', { value: 1 })).status === 200 ? true : undefined));
  const crashes = () => metric(server, 'portico_replica_restarts_total', { model: 'loading' });
  await eventually(async () => ((await crashes()) >= 4 ? true : undefined));
  expect(await crashes()).toBeLessThan(8);
});
