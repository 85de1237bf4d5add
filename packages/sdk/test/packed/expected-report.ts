import { expect } from 'vitest';
import type { Report } from './report.ts';

interface Refusal {
  readonly code: string;
  readonly status: number | null;
  readonly hasRequestId: boolean;
  readonly issues: readonly string[];
  readonly retryable: boolean;
}

/** What the server refused. */
const refused = (code: string, status: number, issues: readonly string[] = []): Refusal => ({
  code,
  status,
  hasRequestId: true,
  issues,
  retryable: false,
});

/** What ended on the client's side. */
const ended = (code: string, retryable = false): Refusal => ({
  code,
  status: null,
  hasRequestId: false,
  issues: [],
  retryable,
});

/** What the program reports when everything works. */
export const expectedReport: Report = {
  ocr: { text: expect.stringContaining('A model is a function with opinions'), lines: 15 },
  path: 1,
  fileUrl: 1,
  dataUrl: 1,
  nodeStream: 1,
  webStream: 1,
  blob: 1,
  arrayBuffer: 1,
  named: 1,
  batch: [1, 'UNSUPPORTED_MEDIA_TYPE'],
  image: { type: 'image/png', signature: [0x89, 0x50, 0x4e, 0x47], isLarge: true },
  stream: {
    segments: [
      [0.802, 3.326],
      [4.386, 5.726],
    ],
    durationSeconds: 6.419,
  },
  firstOfStream: 0.802,
  tensors: { model: 'speech', isSilence: true, state: { shape: [2, 1, 128], array: 'Float32Array', length: 256 } },
  embed: 24,
  ready: 'ready',
  models: expect.arrayContaining(['ocr', 'faces', 'segment', 'vad', 'embed', 'speech']),
  gpu: 'boolean',
  noImage: refused('UNSUPPORTED_MEDIA_TYPE', 415),
  noTensors: refused('BAD_INPUT', 400),
  changedFile: ended('BAD_INPUT'),
  noFile: ended('BAD_INPUT'),
  wrongParameter: refused('INVALID_PARAMETERS', 422, ['params.minConfidence']),
  noSuchRoute: refused('NOT_FOUND', 404),
  withoutKey: refused('UNAUTHORIZED', 401),
  aborted: ended('ABORTED'),
  tooLate: ended('TIMEOUT'),
  noServer: ended('NETWORK', true),
};
