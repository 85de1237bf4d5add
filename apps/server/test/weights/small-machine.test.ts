import { expect, it } from 'vitest';
import { startServer } from '../harness/server-process.ts';

it('A machine too small for its engines is reported at start, and serves all the same', async () => {
  await using server = await startServer({ MODEL_NAME: 'dense,rows', REPLICA_MEMORY_MB: '10000000' });
  const { level, msg } = await server.logged(({ msg }) => String(msg).startsWith('The engines need'));
  expect(level).toBe('warn');
  expect(msg).toMatch(/^The engines need 20000000 MiB of memory when all are busy; \d+ MiB are available$/);
  await server.ready();
});
