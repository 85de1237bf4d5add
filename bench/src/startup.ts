import { setTimeout as sleep } from 'node:timers/promises';
import { HttpClient } from '@portico/measure/load/http-client';
import { bounded, median, type Report, short } from './report.ts';
import { startServer } from './server-process.ts';
import type { Settings } from './settings.ts';

const bounds = { '/health': { max: 1.5 }, '/ready': { max: 4 } } as const;
const timeoutMs = 30_000;
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
    while (!(await succeeds(client, path))) {
      if (performance.now() - startedAt > timeoutMs)
        throw new Error(`${path} did not return 200 within ${timeoutMs / 1_000} s.`);
      await sleep(pollMs);
    }
    return (performance.now() - startedAt) / 1_000;
  };
  const seconds = { '/health': await first('/health'), '/ready': await first('/ready') };
  client.close();
  return seconds;
}

async function succeeds(client: HttpClient, path: string): Promise<boolean> {
  try {
    return (await client.send({ method: 'GET', path })).status === 200;
  } catch {
    // Nothing listens yet.
    return false;
  }
}
