import { expect, it } from 'vitest';
import { serveControlled } from './support/control.ts';
import { plus } from './support/files.ts';
import { reloadUnderLoad } from './support/reloads.ts';

it('no request fails while files are replaced, and each is answered by a file that is served', async () => {
  await using server = await serveControlled({ 'plus.onnx': plus(0) });
  const { statuses, requests, failures } = await reloadUnderLoad(server, { reloads: 2, clients: 6 });
  expect(failures).toEqual([]);
  expect(statuses).toEqual([200, 200]);
  expect(requests).toBeGreaterThan(20);
  expect(await server.engines()).toHaveLength(1);
});
