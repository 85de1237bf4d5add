import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ServerProcess, startServer } from '../harness/server-process.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer({ MODEL_NAME: 'crash', RATE_LIMIT: '0.01:4', API_KEYS: 'one,two,three' });
  await server.ready();
});
afterAll(() => server[Symbol.asyncDispose]());

const post = (path: string, key: string, type = 'application/json', body: string = '{"input":{"how":"answer"}}') =>
  fetch(`${server.url}${path}`, { method: 'POST', headers: { 'content-type': type, 'x-api-key': key }, body });

it('RATE_LIMIT refuses what is more than a burst, by key, before the type and after the route, and no probe', async () => {
  for (let request = 0; request < 4; request++) expect((await post('/crash', 'one')).status).toBe(200);
  const refused = await post('/crash', 'one', 'application/pdf');
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(90);
  expect(await refused.json()).toMatchObject({ code: 'RATE_LIMITED' });
  expect((await post('/nowhere', 'one')).status).toBe(404);
  expect((await post('/crash', 'no key')).status).toBe(401);
  expect((await post('/crash', 'two')).status).toBe(200);
  for (const path of ['/health', '/ready']) expect((await fetch(server.url + path)).status).toBe(200);
  expect((await fetch(`${server.url}/models`, { headers: { 'x-api-key': 'one' } })).status).toBe(200);
  const call = await post('/trpc/crash.infer', 'one', 'application/json', '{"json":{"input":{"how":"answer"}}}');
  expect([call.status, call.headers.get('retry-after')]).toEqual([429, refused.headers.get('retry-after')]);
});

it('calls in a tRPC batch count one by one', async () => {
  const one = { json: { input: { how: 'answer' } } };
  const batch = () =>
    post(
      '/trpc/crash.infer,crash.infer,crash.infer?batch=1',
      'three',
      'application/json',
      JSON.stringify({ 0: one, 1: one, 2: one }),
    );
  expect((await batch()).status).toBe(200);
  expect((await batch()).status).toBe(429);
});

it('what RATE_LIMIT turned away is counted and logged', async () => {
  const headers = { 'x-api-key': 'one' };
  const text = await (await fetch(`${server.url}/metrics`, { headers })).text();
  expect(text).toMatch(/portico_rejected_total\{model="crash",reason="rate-limit"\} \d/);
  expect(server.log.filter((line) => line['code'] === 'RATE_LIMITED').length).toBeGreaterThan(0);
});
