import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ServerUsage, serverUsage } from '@portico/measure/server-usage';
import { vad, type VadResult } from '@portico/schemas';
import { expect, it } from 'vitest';
import { measured } from '../harness/measured.ts';
import { type ServerProcess, startServer } from '../harness/server-process.ts';
import { watchReadings } from '../harness/watch-readings.ts';

const sampleSeconds = 6.418_687_5;
const most = 50e6;

async function listen({ url }: ServerProcess, recording: Buffer<ArrayBuffer>): Promise<VadResult> {
  const answer = await fetch(`${url}/vad`, {
    method: 'POST',
    headers: { 'content-type': 'audio/ogg' },
    body: recording,
  });
  expect(answer.status).toBe(200);
  return vad.output.parse(await answer.json());
}

it('an engine that processes two hours holds at most 50 MB more than one that processes ten seconds', async () => {
  const folder = join(import.meta.dirname, '../../../../packages/media/src/testing/files');
  const sample = await readFile(join(folder, 'speech.opus'));
  // Ogg files one behind another are one recording.
  const recording = (seconds: number): { bytes: Buffer<ArrayBuffer>; links: number } => {
    const links = Math.ceil(seconds / sampleSeconds);
    return { bytes: Buffer.concat(Array.from({ length: links }, () => sample)), links };
  };
  await using server = await startServer({ MODEL_NAME: 'vad', REPLICAS: '1' });
  await server.ready();
  const usage = (): Promise<ServerUsage> => serverUsage(server.child.pid ?? 0);

  await listen(server, recording(10).bytes);
  const before = (await usage()).engines;
  const { bytes, links } = recording(7_200);
  const watch = watchReadings(async () => (await usage()).engines.residentBytes, 100);
  try {
    const { durationSeconds, segments } = await listen(server, bytes);
    expect(durationSeconds).toBeCloseTo(links * sampleSeconds, 2);
    expect(segments).toHaveLength(2 * links);
  } finally {
    await watch[Symbol.asyncDispose]();
  }
  const peak = Math.max(...watch.readings);
  process.stderr.write(
    `measured: ten seconds leave ${(before.residentBytes / 1e6).toFixed(0)} MB, two hours take ${(peak / 1e6).toFixed(0)} MB\n`,
  );
  measured('two hours, CPU time of the engine', (await usage()).engines.cpuMs - before.cpuMs);
  expect(peak - before.residentBytes).toBeLessThan(most);
});
