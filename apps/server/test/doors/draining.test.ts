import { expect, it } from 'vitest';
import { startServer } from '../harness/server-process.ts';
import { post, postJson } from './support/asking.ts';

it('While the server drains, every door still answers, and says that the connection ends', async () => {
  await using server = await startServer({ MODEL_NAME: 'crash', DRAIN_SECONDS: '60' });
  await server.ready();
  server.child.kill('SIGTERM');
  await server.logged((line) => line['signal'] === 'SIGTERM');

  const url = (path: string): string => server.url + path;
  const answers = await Promise.all([
    postJson(url('/crash'), { input: { how: 'answer' } }),
    fetch(url('/ready')),
    fetch(url('/metrics')),
    fetch(url('/trpc/status.ready')),
    fetch(url('/nowhere')),
    post(url('/crash'), 'x', { 'content-type': 'text/plain' }),
    fetch(url('/crash'), { method: 'OPTIONS' }),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([200, 503, 200, 200, 404, 415, 204]);
  expect(answers.map(({ headers }) => headers.get('connection'))).toEqual(answers.map(() => 'close'));
});
