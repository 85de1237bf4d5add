import type { TRPCClient } from '@trpc/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AppRouter } from '../../src/trpc/app-router.ts';
import { createTRPC } from '../../src/trpc/create-trpc.ts';
import { porticoErrorOf } from '../../src/trpc/portico-error-of.ts';
import { always } from './fault.ts';
import { faultCases } from './fault-cases.ts';
import { startFaultProxy } from './fault-proxy.ts';
import type { FixtureTasks } from './fixture-tasks.ts';
import { type RealServer, startRealServer } from './real-server.ts';
import { pixel, recording, segmentsOfSentence } from './samples.ts';

type Client = TRPCClient<AppRouter<FixtureTasks>>;

const calls: readonly (readonly [name: string, output: unknown, run: (trpc: Client) => Promise<unknown>])[] = [
  ['a file', 3, async (trpc) => (await trpc.draw.infer.mutate({ file: { data: pixel }, params: { side: 3 } })).side],
  [
    'calls made together',
    [1, 2],
    async (trpc) => {
      const lists = [['one'], ['one', 'two']];
      const outputs = await Promise.all(lists.map((texts) => trpc.embed.infer.mutate({ input: { texts } })));
      return outputs.map(({ embeddings }) => embeddings.length);
    },
  ],
  [
    'a stream',
    segmentsOfSentence,
    async (trpc) => {
      let items = 0;
      for await (const _item of await trpc.vad.stream.mutate({ file: { data: recording(1) } })) items += 1;
      return items;
    },
  ],
];

let server: RealServer;
beforeAll(async () => {
  server = await startRealServer(['draw', 'embed', 'vad']);
});
afterAll(() => server[Symbol.asyncDispose]());

describe.each(calls)('%s over tRPC', (_name, output, run) => {
  test.each(faultCases)('through $name ends as over REST, without a retry', async ({ fault, error }) => {
    await using proxy = await startFaultProxy(server.url, always(fault));
    const timeoutMs = fault.kind === 'silence' ? 300 : 10_000;
    const ended = await run(createTRPC<FixtureTasks>({ url: proxy.url, timeoutMs })).then(
      (value) => ({ value }),
      (reason: unknown) => ({ error: porticoErrorOf(reason) ?? reason }),
    );
    expect(ended).toMatchObject(
      error === undefined ? { value: output } : { error: { name: 'PorticoError', ...error } },
    );
    expect(proxy.seen).toHaveLength(1);
  });
});
