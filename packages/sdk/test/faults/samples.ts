import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const repository = join(import.meta.dirname, '../../../..');

/** The folder of the bundled service. */
export const serverFolder = join(repository, 'apps/server');

/** A picture of one grey pixel. */
export const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==',
  'base64',
);

/** Two sentences. */
const sentence = await readFile(join(repository, 'packages/media/src/audio/testing/files/speech.opus'));
export const segmentsOfSentence = 2;

/** The two sentences this many times: concatenated Ogg files are one recording. */
export const recording = (count: number): Buffer => Buffer.concat(Array.from({ length: count }, () => sentence));

/** A text encoder with random weights, small enough to be committed. */
export const encoder = join(repository, 'models/embed/testing/tiny-bert');
