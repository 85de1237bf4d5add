import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where the server's own tests have theirs. */
export const serverFolder = join(import.meta.dirname, '../../../../apps/server');

/** A picture of one grey pixel. */
export const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==',
  'base64',
);

/** Two sentences. */
export const sentence = await readFile(join(serverFolder, 'src/models/media/audio/testing/files/speech.opus'));
export const segmentsOfSentence = 2;

/** So many sentences: Ogg files one behind another are one recording. */
export const recording = (sentences: number): Buffer =>
  Buffer.concat(Array.from({ length: sentences }, () => sentence));

/** An encoder with random weights, small enough to be kept. */
export const encoder = join(serverFolder, 'src/models/embed/testing/tiny-bert');
