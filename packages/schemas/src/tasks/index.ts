import { embed } from './embed.ts';
import { faces } from './faces.ts';
import { ocr } from './ocr.ts';
import { segment } from './segment.ts';
import { vad } from './vad.ts';

/** Every task of this server, by name: one line registers a task. */
export const tasks = {
  /** Read the text in an image: printed Chinese and English, line by line with confidence and position. */
  ocr,
  /** Find the faces in an image: a box, a confidence, and where eyes, nose, mouth and ears are. */
  faces,
  /** Cut the people out of an image: a mask, or the people themselves on transparency. */
  segment,
  /** Find the speech in a recording: where each segment begins and ends. */
  vad,
  /** Turn texts into vectors: the closer two texts are in meaning, the closer their embeddings. */
  embed,
};

export type Tasks = typeof tasks;
export type TaskName = keyof Tasks;
