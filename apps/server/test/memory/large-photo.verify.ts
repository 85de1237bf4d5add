import { serverUsage } from '@portico/measure/server-usage';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { metric } from '../harness/metric.ts';
import { type ServerProcess, startServer } from '../harness/server-process.ts';
import { watchReadings } from '../harness/watch-readings.ts';

const times = 100;
const most = 900e6;

async function readPhoto({ url }: ServerProcess, photo: Uint8Array<ArrayBuffer>): Promise<void> {
  const answer = await fetch(`${url}/ocr`, { method: 'POST', headers: { 'content-type': 'image/jpeg' }, body: photo });
  const { text, width } = (await answer.json()) as { text: string; width: number };
  expect([answer.status, text.includes('A model is a function with opinions'), width]).toEqual([200, true, 4000]);
}

const timeout = 1_200_000;
it(
  'a photograph of 12 megapixels, a hundred times in a row, keeps all processes together under 900 MB',
  { timeout },
  async () => {
    const page = new URL('../../../../samples/page.jpg', import.meta.url).pathname;
    const photo = new Uint8Array(await sharp(page).resize(4000, 3000, { fit: 'fill' }).jpeg().toBuffer());
    await using server = await startServer({ MODEL_NAME: 'ocr', REPLICAS: '1', LOG_LEVEL: 'info' });
    await server.ready();

    const usage = async (): Promise<number> => (await serverUsage(server.child.pid ?? 0)).total.proportionalBytes;
    const watch = watchReadings(usage, 100);
    try {
      for (let turn = 0; turn < times; turn += 1) await readPhoto(server, photo);
    } finally {
      await watch[Symbol.asyncDispose]();
    }

    const { readings } = watch;
    const half = readings.length / 2;
    const [early, late] = [Math.max(...readings.slice(0, half)), Math.max(...readings.slice(half))];
    process.stderr.write(
      `measured: ${times} photographs of 12 megapixels: at most ${(early / 1e6).toFixed(0)} MB in the first half, ` +
        `${(late / 1e6).toFixed(0)} MB in the second\n`,
    );
    expect(Math.max(early, late)).toBeLessThan(most);
    // One engine did it all: none was replaced for the memory it held.
    expect(await metric(server, 'portico_replica_restarts_total')).toBe(0);
  },
);
