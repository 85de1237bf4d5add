import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ServerProcess, startServer } from '../harness/server-process.ts';
import { describeOverload } from './support/describe-overload.ts';
import { expectPromises } from './support/expect-promises.ts';
import { overload } from './support/overload.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer({ MODEL_NAME: 'crash,rows', LOG_LEVEL: 'info' });
  await server.ready();
});
afterAll(() => server[Symbol.asyncDispose]());

const json = (input: unknown) => ({
  headers: { 'content-type': 'application/json' },
  body: Buffer.from(JSON.stringify({ input })),
});
const leeway = { goodput: 0.5, timedOut: 0.25 };

it('a model asked for ten times what it can do does what it can, and refuses the rest at once', async () => {
  const result = await overload({
    server,
    model: 'crash',
    request: { path: '/crash', ...json({ how: 'answer', milliseconds: 100 }) },
    isRight: (body) => 'pid' in (JSON.parse(body) as object),
    clients: 4,
    capacitySeconds: 1,
    overloadSeconds: 1.5,
    deadlineSeconds: () => 2,
  });
  process.stderr.write(describeOverload('crash', result));
  expectPromises(result, leeway);
});

it('so does a model that batches, and its runs stay full', async () => {
  const batches: number[] = [];
  const result = await overload({
    server,
    model: 'rows',
    request: { path: '/rows', ...json({ value: 7, milliseconds: 200 }) },
    isRight: (body) => {
      const { value, batch } = JSON.parse(body) as { value: number; batch: number };
      batches.push(batch);
      return value === 7;
    },
    clients: 16,
    capacitySeconds: 1,
    overloadSeconds: 1.5,
    deadlineSeconds: () => 1.5,
  });
  process.stderr.write(describeOverload('rows', result));
  expectPromises(result, leeway);
  expect(batches.filter((batch) => batch === 4).length / batches.length).toBeGreaterThan(0.5);
});
