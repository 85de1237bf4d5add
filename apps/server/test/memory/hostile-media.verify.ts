import {
  type HostileFile,
  hostilePicture,
  hostilePictureNames,
  hostileRecording,
  hostileRecordingNames,
} from '@portico/media/testing';
import { expect, it } from 'vitest';
import { metric } from '../harness/metric.ts';
import { startServer } from '../harness/server-process.ts';

/** Large enough for what grows with its bytes to be felt. */
const fileBytes = 500_000;
const pictureTasks = ['ocr', 'faces', 'segment'];
const seed = Number(process.env['VERIFY_SEED_MEDIA'] ?? 1);
const answers = new Set([200, 400, 413, 415, 422]);

interface Turn {
  readonly what: string;
  readonly status: number;
  readonly ms: number;
}

it('no picture and no recording costs an engine, or ends in anything but an answer or a refusal', async () => {
  await using server = await startServer({ MODEL_NAME: 'ocr,faces,segment,vad', MAX_RECORDING_SECONDS: '120' });
  await server.ready();
  const random = randomNumbers(seed);
  const turns: Turn[] = [];
  const send = async (task: string, { name, data, mediaType }: HostileFile): Promise<void> => {
    const startedAt = performance.now();
    const body = new Uint8Array(data);
    const answer = await fetch(`${server.url}/${task}`, {
      method: 'POST',
      headers: { 'content-type': mediaType },
      body,
    });
    await answer.arrayBuffer();
    turns.push({ what: `${task}, ${name}`, status: answer.status, ms: performance.now() - startedAt });
  };

  // All decode alike, so the tasks take turns; which begins is the seed's.
  for (const [index, name] of hostilePictureNames.entries()) {
    const picture = await hostilePicture(name, fileBytes);
    await send(pictureTasks[(index + seed) % 3] ?? 'ocr', picture);
    await send('faces', damaged(picture, random));
  }
  for (const name of hostileRecordingNames) {
    const recording = hostileRecording(name, fileBytes);
    for (const file of [recording, damaged(recording, random)]) await send('vad', file);
  }

  const slowest = turns.toSorted((one, other) => other.ms - one.ms).slice(0, 8);
  for (const { what, status, ms } of slowest)
    process.stderr.write(`measured: ${what}: ${status} after ${Math.round(ms)} ms (seed ${seed})\n`);
  expect(turns.filter(({ status }) => !answers.has(status))).toEqual([]);
  expect(await metric(server, 'portico_replica_restarts_total')).toBe(0);
});

/** The same with twenty other bytes. */
function damaged({ name, data, mediaType }: HostileFile, random: () => number): HostileFile {
  const bytes = Buffer.from(data);
  for (let each = 0; each < 20; each += 1) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
  return { name: `${name}, damaged`, data: bytes, mediaType };
}

/** Numbers from 0 up to 1, the same for the same seed. */
function randomNumbers(start: number): () => number {
  let state = start;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
