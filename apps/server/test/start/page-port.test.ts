import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { eventually, startServer } from '../harness/server-process.ts';

// What `npm start` runs, wherever it serves no page; `npm run verify -- "fresh clone"` has the page itself.
const start = join(import.meta.dirname, '../../../../scripts/start.mjs');

/** Starts, and stops with SIGTERM: what was written beside the log, where `GET /` finds the page, and the exit code. */
async function outcomeOf(environment: NodeJS.ProcessEnv) {
  await using server = await startServer({ MODEL_NAME: '', ...environment }, [], start);
  const home: unknown = await (await fetch(server.url)).json();
  const ended = once(server.child, 'exit');
  server.child.kill('SIGTERM');
  const [code] = await ended;
  return { errors: () => server.errors(), demo: (home as { demo?: string }).demo, code };
}

it('Without a page, npm start is the server and says nothing else', async () => {
  for (const WEB_PORT of ['off', '0', '00', 'OFF']) {
    const { errors, ...outcome } = await outcomeOf({ WEB_PORT });
    expect([errors(), outcome]).toEqual(['', { demo: undefined, code: 0 }]);
  }
});

it('A taken port is said in words, and the server serves without a page', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  try {
    const { port } = other.address() as AddressInfo;
    const { errors, ...outcome } = await outcomeOf({ WEB_PORT: String(port) });
    expect(outcome).toEqual({ demo: undefined, code: 0 });
    const sentence = `There is no demo page: port ${port} is taken: set WEB_PORT to another port, or to off.\n`;
    await eventually(async () => (errors() === sentence ? true : undefined));
  } finally {
    other.close();
  }
});

it.each([
  [{ WEB_PORT: 'eighty' }, 'WEB_PORT="eighty" is not allowed'],
  [{ WEB_PORT: '65536' }, 'WEB_PORT="65536" is not allowed'],
  [{ WEB_PORT: '23451', PORT: '23451' }, "port 23451 is the server's"],
])('%o is said in words, and the server serves without a page', async (environment, words) => {
  const { errors, ...outcome } = await outcomeOf(environment);
  expect(outcome).toEqual({ demo: undefined, code: 0 });
  await eventually(async () => (errors().startsWith(`There is no demo page: ${words}`) ? true : undefined));
});
