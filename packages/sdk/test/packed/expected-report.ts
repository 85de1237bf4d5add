import { expect } from 'vitest';
import type { Report } from './report.ts';

const refusal = (code: string, status: number, issues: readonly string[] = []) => ({
  code,
  status,
  hasRequestId: true,
  issues,
  retryable: false,
});

/** What the program reports when everything works. */
export const expectedReport: Report = {
  ocr: { text: expect.stringContaining('A model is a function with opinions'), lines: 15 },
  stream: [
    [0.802, 3.326],
    [4.386, 5.726],
  ],
  embed: 24,
  ready: 'ready',
  models: expect.arrayContaining(['ocr', 'vad', 'embed']),
  noImage: refusal('UNSUPPORTED_MEDIA_TYPE', 415),
  wrongParameter: refusal('INVALID_PARAMETERS', 422, ['params.minConfidence']),
  noSuchRoute: refusal('NOT_FOUND', 404),
  withoutKey: refusal('UNAUTHORIZED', 401),
};
