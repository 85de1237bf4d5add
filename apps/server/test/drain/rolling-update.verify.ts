import { expect, it } from 'vitest';
import { dense, longRows, ocrBatch, ocrBytes, ocrForm, ocrJson, ocrProcedure, rows } from './support/doors.ts';
import { cleanly } from './support/ending.ts';
import { rollingUpdate } from './support/rolling-update.ts';

const models = 'rows,dense,ocr';

it('rolling updates in a row lose no request at any door', async () => {
  const ocr = [await ocrForm(), await ocrBytes(), await ocrJson(), await ocrBatch(), await ocrProcedure()];
  const doors = [rows, rows, dense, dense, longRows, ...ocr];
  const { asked, losses, connections, answeredWhileDraining, endings } = await rollingUpdate({
    environment: { MODEL_NAME: models, DRAIN_SECONDS: '1.5' },
    doors,
    rounds: 3,
  });
  expect(losses).toEqual([]);
  expect(connections).toBe(doors.length);
  expect(endings).toMatchObject(Array.from({ length: 6 }, () => cleanly));
  expect(answeredWhileDraining).toBeGreaterThan(0);
  expect(asked).toBeGreaterThan(500);
});

it('an update without a drain loses some, so the proxy would show it', async () => {
  const { losses, endings } = await rollingUpdate({
    environment: { MODEL_NAME: 'rows,dense', DRAIN_SECONDS: '0' },
    doors: [rows, rows, dense, dense],
    rounds: 1,
  });
  expect(losses.length).toBeGreaterThan(0);
  expect(losses.every((loss) => loss.includes('502: Port '))).toBe(true);
  expect(endings).toMatchObject([cleanly, cleanly]);
});
