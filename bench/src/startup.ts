import { setTimeout as sleep } from 'node:timers/promises';
import { HttpClient } from '@portico/measure/load/http-client';
import { bounded, type Report, short } from './report.ts';
import { startServer } from './server-process.ts';
import type { Settings } from './settings.ts';
import { median } from './statistics.ts';

const bounds = { '/health': { most: 1.5 }, '/ready': { most: 4 } } as const;
const patienceMs = 30_000;
const pollMs = 5;

/** Seconds from exec of the built server with OCR to the first 200 of each probe. */
export async function startup({ quick, modelFolder }: Settings): Promise<Report> {
  const starts: Record<'/health' | '/ready', number>[] = [];
  while (starts.length < (quick ? 2 : 5)) starts.push(await startOnce(modelFolder));
  return {
    title: 'Start of the built server with MODEL_NAME=ocr',
    header: ['first 200 of', 'seconds, median', 'must be', 'is it', 'of each start'],
    rows: (['/health', '/ready'] as const).map((path) => {
      const seconds = starts.map((start) => start[path]);
      return [path, ...bounded(median(seconds), bounds[path], ' s'), seconds.map(short).join(', ')];
    }),
  };
}

async function startOnce(modelFolder: string): Promise<Record<'/health' | '/ready', number>> {
  const startedAt = performance.now();
  await using server = await startServer({ models: 'ocr', modelFolder });
  const client = new HttpClient({ url: server.url, maxConnections: 1, timeoutMs: 1_000 });
  const first = async (path: string): Promise<number> => {
    while (!(await answers(client, path))) {
      if (performance.now() - startedAt > patienceMs) throw new Error(`${path} never answered 200.`);
      await sleep(pollMs);
    }
    return (performance.now() - startedAt) / 1_000;
  };
  const seconds = { '/health': await first('/health'), '/ready': await first('/ready') };
  client.close();
  return seconds;
}

async function answers(client: HttpClient, path: string): Promise<boolean> {
  try {
    return (await client.send({ method: 'GET', path })).status === 200;
  } catch {
    // Nobody listens yet.
    return false;
  }
}
