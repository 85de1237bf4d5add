import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A picture of one grey pixel. */
export const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==',
  'base64',
);

/** Two sentences. */
const sentence = await readFile(join(import.meta.dirname, '../../../media/src/testing/files/speech.opus'));
export const segmentsOfSentence = 2;

/** The two sentences this many times: concatenated Ogg files are one recording. */
export const recording = (count: number): Buffer => Buffer.concat(Array.from({ length: count }, () => sentence));
