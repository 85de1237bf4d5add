import { expect, it } from 'vitest';
import { dense, longRows, ocrForm, rows } from './support/doors.ts';
import { cleanly } from './support/ending.ts';
import { rollingUpdate } from './support/rolling-update.ts';

it('a rolling update loses no request', { timeout: 120_000 }, async () => {
  const doors = [rows, rows, dense, longRows, await ocrForm()];
  const { asked, losses, connections, answeredWhileDraining, endings } = await rollingUpdate({
    environment: { MODEL_NAME: 'rows,dense,ocr', DRAIN_SECONDS: '1.5' },
    doors,
    rounds: 1,
  });
  expect(losses).toEqual([]);
  expect(connections).toBe(doors.length);
  expect(endings).toMatchObject([cleanly, cleanly]);
  // Else the proxy was quicker than any that a server has to put up with.
  expect(answeredWhileDraining).toBeGreaterThan(0);
  expect(asked).toBeGreaterThan(50);
});
