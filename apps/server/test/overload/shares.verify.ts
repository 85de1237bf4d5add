import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { metric } from '../harness/metric.ts';
import { eventually, type ServerProcess, startServer } from '../harness/server-process.ts';
import { BusyClient, type ClientOptions, describeCounts, json, type Sent } from './support/clients.ts';

const meekAddress = '127.0.0.2';
const greedyAddress = '127.0.0.1';
/** A model that batches, and takes as many replicas as it is given. */
const work = json('/rows', { value: 1, milliseconds: 20 });

async function serverWith(environment: NodeJS.ProcessEnv, replicas: number): Promise<ServerProcess> {
  const server = await startServer({ LOG_LEVEL: 'info', REPLICAS: String(replicas), ...environment });
  const models = (environment['MODEL_NAME'] ?? '').split(',').length;
  await eventually(async () => {
    const ready = server.log.filter((line) => String(line['msg']).endsWith('a replica is ready'));
    return ready.length === replicas * models ? true : undefined;
  });
  return server;
}

const print = (text: string): void => void process.stderr.write(`measured: ${text}\n`);

describe('beside a client with 200 connections that tries again at once', () => {
  const seconds = 4;

  /**
   * Both at once, after the meek one alone. It is to get a third of an equal share of what is served, or of what it gets
   * alone where its connections cannot take as much.
   */
  async function sideBySide(
    server: ServerProcess,
    {
      meek,
      greedy,
      served,
    }: { meek: Partial<ClientOptions>; greedy: Partial<ClientOptions>; served?: () => Promise<number> },
  ) {
    await using one = new BusyClient(server, { connections: 1, sent: work, address: meekAddress, ...meek });
    await sleep(500);
    const alone = await one.rate(2);
    await using many = new BusyClient(server, { connections: 200, sent: work, address: greedyAddress, ...greedy });
    const servedSoFar = served ?? (async () => many.good + one.good);
    await sleep(1_000);
    const before = await servedSoFar();
    const meekRate = await one.rate(seconds);
    const total = ((await servedSoFar()) - before) / seconds;
    const equal = Math.min(alone, total / 2);
    print(`greedy ${describeCounts(many)}, Retry-After ${[...many.retryAfterSeconds].join(' ')}`);
    print(
      `meek ${alone.toFixed(1)}/s alone, then ${meekRate.toFixed(1)} of ${total.toFixed(1)}/s ${describeCounts(one)}: ${((100 * meekRate) / equal).toFixed(0)} % of an equal share`,
    );
    return { partOfShare: meekRate / equal, outcomes: [...many.counts.keys()] };
  }

  it.each([1, 2])(
    'one with a run of requests gets at least a third of an equal share, with %i replicas',
    async (replicas) => {
      await using server = await serverWith({ MODEL_NAME: 'rows' }, replicas);
      const { partOfShare, outcomes } = await sideBySide(server, { meek: { connections: 4 * replicas }, greedy: {} });
      expect(outcomes).toContain('429');
      expect(partOfShare).toBeGreaterThanOrEqual(1 / 3);
    },
  );

  it('so does one with a single connection, where runs are not batched', async () => {
    await using server = await serverWith({ MODEL_NAME: 'crash' }, 1);
    const sent = json('/crash', { how: 'answer', milliseconds: 20 });
    const { partOfShare, outcomes } = await sideBySide(server, { greedy: { sent }, meek: { sent } });
    expect(outcomes).toContain('429');
    expect(partOfShare).toBeGreaterThanOrEqual(1 / 3);
  });

  it('so does one of two keys at the same address', async () => {
    await using server = await serverWith({ MODEL_NAME: 'rows', API_KEYS: 'greedy,meek' }, 1);
    const address = meekAddress;
    const { partOfShare, outcomes } = await sideBySide(server, {
      greedy: { key: 'greedy', address },
      meek: { key: 'meek', address, connections: 4 },
    });
    expect(outcomes).toContain('429');
    expect(partOfShare).toBeGreaterThanOrEqual(1 / 3);
  });

  it('so does one beside batches of tRPC calls, of which each counts', async () => {
    await using server = await serverWith({ MODEL_NAME: 'rows' }, 1);
    const calls = Array.from({ length: 10 }, (_, index) => [
      index,
      { json: { input: { value: 1, milliseconds: 20 } } },
    ]);
    const sent: Sent = {
      path: `/trpc/${calls.map(() => 'rows.infer').join(',')}?batch=1`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(Object.fromEntries(calls)),
    };
    const { partOfShare } = await sideBySide(server, {
      greedy: { connections: 50, sent },
      meek: { connections: 4 },
      served: () => metric(server, 'portico_batch_size_sum', { model: 'rows' }),
    });
    expect(partOfShare).toBeGreaterThanOrEqual(1 / 3);
  });

  it('so does one beside batches of 32 files', async () => {
    await using server = await serverWith({ MODEL_NAME: 'vad' }, 1);
    const speech = await readFile(new URL('../../../../samples/speech.flac', import.meta.url));
    const head = 'content-disposition: form-data; name="file"; filename="a.flac"\r\ncontent-type: audio/flac';
    const part = [Buffer.from(`--limit\r\n${head}\r\n\r\n`), speech, Buffer.from('\r\n')];
    const batch: Sent = {
      path: '/vad/batch',
      headers: { 'content-type': 'multipart/form-data; boundary=limit' },
      body: Buffer.concat([...Array.from({ length: 32 }, () => part).flat(), Buffer.from('--limit--\r\n')]),
    };
    const single: Sent = { path: '/vad', headers: { 'content-type': 'audio/flac' }, body: speech };
    const { partOfShare } = await sideBySide(server, {
      greedy: { connections: 8, sent: batch },
      meek: { sent: single },
      served: () => metric(server, 'portico_batch_size_sum', { model: 'vad' }),
    });
    expect(partOfShare).toBeGreaterThanOrEqual(1 / 3);
  });

  it('so does one that asks another model on the same cores', async () => {
    await using server = await serverWith({ MODEL_NAME: 'crash,rows' }, 1);
    const { partOfShare } = await sideBySide(server, {
      greedy: { sent: json('/crash', { how: 'answer', milliseconds: 20 }) },
      meek: {},
    });
    expect(partOfShare).toBeGreaterThanOrEqual(1 / 3);
  });
});

describe('another client keeps at least half of its throughput', () => {
  /** The first loss comes at once, and is made up for in the time that several replacements take. */
  const secondsFor = (server: ServerProcess, replicas: number): number => {
    const loads = server.log.flatMap((line) =>
      String(line['msg']).endsWith('a replica is ready') ? Number(line['milliseconds']) : [],
    );
    return Math.min(60, Math.max(20, Math.max(...loads) / 50)) / replicas;
  };

  async function shareKeptBeside(
    replicas: number,
    careless: Pick<ClientOptions, 'sent' | 'leavesAfterMs'>,
  ): Promise<number> {
    await using server = await serverWith({ MODEL_NAME: 'rows' }, replicas);
    await using meek = new BusyClient(server, { connections: 1, sent: work, address: meekAddress });
    const alone = await meek.rate(3);
    await using other = new BusyClient(server, { connections: 4, address: greedyAddress, ...careless });
    const seconds = secondsFor(server, replicas);
    const together = await meek.rate(seconds);
    const restarts = await metric(server, 'portico_replica_restarts_total', { model: 'rows' });
    print(
      `${replicas} replicas: ${alone.toFixed(1)}/s alone, ${together.toFixed(1)}/s beside it for ${seconds.toFixed(0)} s: ${((100 * together) / alone).toFixed(0)} %; ${restarts} restarts`,
    );
    print(`careless ${describeCounts(other)}, meek ${describeCounts(meek)}`);
    expect([...other.counts.keys()]).toContain('429');
    return together / alone;
  }

  it.each([1, 2])('beside one whose inputs crash engines, with %i replicas', async (replicas) => {
    expect(await shareKeptBeside(replicas, { sent: json('/rows', { value: 1, how: 'exit' }) })).toBeGreaterThanOrEqual(
      0.5,
    );
  });

  it.each([1, 2])('beside one that sends slow inputs and leaves, with %i replicas', async (replicas) => {
    expect(
      await shareKeptBeside(replicas, { sent: json('/rows', { value: 1, milliseconds: 10_000 }), leavesAfterMs: 100 }),
    ).toBeGreaterThanOrEqual(0.5);
  });
});
