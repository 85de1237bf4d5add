import { embed } from './embed.ts';
import { faces } from './faces.ts';
import { ocr } from './ocr.ts';
import { segment } from './segment.ts';
import { vad } from './vad.ts';

/** The bundled tasks by name. */
export const tasks = {
  /** Read the text in an image: printed Chinese and English, line by line with confidence and position. */
  ocr,
  /** Find the faces in an image: a box, a confidence, and the positions of eyes, nose, mouth and ears. */
  faces,
  /** Cut the people out of an image: as a mask, or on a transparent background. */
  segment,
  /** Find the speech in a recording: the start and end of each segment. */
  vad,
  /** Turn texts into vectors: the closer two texts are in meaning, the closer their embeddings. */
  embed,
};

export type Tasks = typeof tasks;
export type TaskName = keyof Tasks;
