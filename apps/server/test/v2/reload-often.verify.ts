import { expect, it } from 'vitest';
import { serveControlled } from './support/control.ts';
import { plus } from './support/files.ts';
import { reloadUnderLoad } from './support/reloads.ts';

const reloads = 50;

it.each(['1', '2'])('no request fails while files are replaced 50 times, with %s replicas', async (replicas) => {
  await using server = await serveControlled({ 'plus.onnx': plus(0) }, { REPLICAS: replicas, LOG_LEVEL: 'info' });
  const { statuses, requests, failures } = await reloadUnderLoad(server, { reloads, clients: 8 });
  expect(failures).toEqual([]);
  expect(statuses).toEqual(Array.from({ length: reloads }, () => 200));
  process.stdout.write(`${requests} requests during ${reloads} reloads\n`);
  expect(await server.engines()).toHaveLength(Number(replicas));
});
