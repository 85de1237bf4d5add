import { afterEach, expect, jest, test } from '@jest/globals';
import { PorticoError, type TaskOutput } from '@portico/sdk';
import { firstLine, portico } from './first-line';

const page: TaskOutput<'ocr'> = {
  width: 640,
  height: 120,
  angle: 0,
  text: 'Dear reader',
  lines: [{ text: 'Dear reader', confidence: 0.98, polygon: [] }],
  warnings: [],
};
const picture = Uint8Array.of(1, 2, 3);

afterEach(() => {
  jest.restoreAllMocks();
});

test('asks for lines of some confidence, and takes the first', async () => {
  const ocr = jest.spyOn(portico, 'ocr').mockResolvedValue(page);
  expect(await firstLine(picture)).toBe('Dear reader');
  expect(ocr).toHaveBeenCalledWith(picture, { minConfidence: 0.6 });
});

test('leaves an error to whoever called', async () => {
  jest.spyOn(portico, 'ocr').mockRejectedValue(new PorticoError('OVERLOADED', 'Busy.', { retryAfterSeconds: 2 }));
  await expect(firstLine(picture)).rejects.toMatchObject({ code: 'OVERLOADED', retryAfterSeconds: 2 });
});
