import { expect, it } from 'vitest';
import { startServer } from '../harness/server-process.ts';

const isInspectorLine = ({ msg }: Record<string, unknown>): boolean => String(msg).startsWith('Debugger listening on');

it('an engine with an inspector is not ended for being slow, while its clients get 504 in time', async () => {
  await using server = await startServer({
    MODEL_NAME: 'rows',
    PORTICO_ENGINE_INSPECT: '0',
    INFER_TIMEOUT_SECONDS: '0.5',
  });
  await server.ready();
  await server.logged(isInspectorLine);
  expect(
    server.log.filter(({ level, msg }) => level === 'warn' && String(msg).includes('PORTICO_ENGINE_INSPECT')),
  ).toHaveLength(1);
  const engines = await server.engines();
  const infer = (milliseconds: number) =>
    fetch(`${server.url}/rows`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ input: { value: 1, how: 'answer', milliseconds } }),
    });
  // Without the inspector the run is ended at 0.5 s, and a second after its client has gone.
  expect((await infer(2_500)).status).toBe(504);
  await expect.poll(async () => (await infer(0)).status, { timeout: 10_000 }).toBe(200);
  expect(await server.engines()).toEqual(engines);
});
