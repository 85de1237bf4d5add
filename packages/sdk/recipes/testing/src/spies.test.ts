import { PorticoError, type TaskItem, type TaskOutput } from '@portico/sdk';
import { afterEach, expect, test, vi } from 'vitest';
import { firstLine, portico, speechMs } from './first-line.js';

const page: TaskOutput<'ocr'> = {
  width: 640,
  height: 120,
  angle: 0,
  text: 'Dear reader',
  lines: [{ text: 'Dear reader', confidence: 0.98, polygon: [] }],
  warnings: [],
};
const picture = Uint8Array.of(1, 2, 3);

afterEach(() => vi.restoreAllMocks());

test('asks for lines of some confidence, and takes the first', async () => {
  const ocr = vi.spyOn(portico, 'ocr').mockResolvedValue(page);
  expect(await firstLine(picture)).toBe('Dear reader');
  expect(ocr).toHaveBeenCalledExactlyOnceWith(picture, { minConfidence: 0.6 });
});

test('leaves an error to whoever called', async () => {
  vi.spyOn(portico, 'ocr').mockRejectedValue(new PorticoError('OVERLOADED', 'Busy.', { retryAfterSeconds: 2 }));
  await expect(firstLine(picture)).rejects.toMatchObject({ code: 'OVERLOADED', retryAfterSeconds: 2 });
});

test('adds up the segments of a stream', async () => {
  vi.spyOn(portico.vad, 'stream').mockImplementation(async function* (): AsyncGenerator<
    TaskItem<'vad'>,
    TaskOutput<'vad'>
  > {
    yield { start: 0.5, end: 1.5, confidence: 0.9 };
    yield { start: 2, end: 2.25, confidence: 0.8 };
    return { durationSeconds: 3, segments: [], warnings: [] };
  });
  expect(await speechMs(Uint8Array.of(1, 2, 3))).toBe(1_250);
});
