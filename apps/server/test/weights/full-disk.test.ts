import { expect, it } from 'vitest';
import { send, serveWeights } from '@portico/server/internal/weights/testing/weights-server';
import { storedWeights } from '../fixtures/tasks.ts';
import { eventually, startServer } from '../harness/server-process.ts';
import { FullDisk, whyNoFullDisk } from '../matrix/support/full-disk.ts';

const reason = whyNoFullDisk === undefined ? '' : ` (skipped: ${whyNoFullDisk})`;

it.skipIf(whyNoFullDisk !== undefined)(
  `a disk without room for the weights is reported, and the server continues${reason}`,
  async () => {
    const disk = new FullDisk();
    await using weights = await serveWeights(send(storedWeights.bytes));
    try {
      await using server = await startServer({
        MODEL_NAME: 'loading:fetched,dense',
        MODEL_CACHE_DIR: await disk.create(),
        FIXTURE_WEIGHTS_URL: `${weights.url}/${storedWeights.path}`,
        NO_PROXY: '127.0.0.1',
      });
      const detail = await eventually(async () => {
        const { detail = '' } = (await (await fetch(`${server.url}/ready`)).json()) as { detail?: string };
        return detail.includes('no room') ? detail : undefined;
      });
      expect(detail).toContain('set MODEL_CACHE_DIR to another folder');
      expect((await fetch(`${server.url}/health`)).status).toBe(200);
    } finally {
      await disk.remove();
    }
  },
);
