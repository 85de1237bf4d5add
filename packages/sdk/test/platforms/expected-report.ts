import { expect } from 'vitest';
import type { Report } from '../packed/report.ts';

/** What the portable program reports when everything works. */
export const expectedReport: Report = {
  ocr: { text: expect.stringContaining('A model is a function with opinions'), lines: 15 },
  stream: [
    [0.802, 3.326],
    [4.386, 5.726],
  ],
  image: { type: 'image/png', isLarge: true },
  embed: 24,
  gpu: 'boolean',
  models: expect.arrayContaining(['ocr', 'vad']),
  ready: 'ready',
  noImage: { code: 'UNSUPPORTED_MEDIA_TYPE', status: 415, hasRequestId: true },
  aborted: { code: 'ABORTED', status: null, hasRequestId: false },
  noServer: { code: 'NETWORK', status: null, hasRequestId: false },
};
