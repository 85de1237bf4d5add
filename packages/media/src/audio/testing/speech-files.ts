import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The sample as it was made, and what lossy encoders made of it. */
export const speechFile = (kind: 'flac' | 'mp3' | 'opus' | 'ogg'): Promise<Buffer> =>
  readFile(
    kind === 'flac'
      ? join(import.meta.dirname, '../../../../../samples/speech.flac')
      : join(import.meta.dirname, `files/speech.${kind}`),
  );

/** Length of the sample at 16 kHz. */
export const speechLength = 102_699;
