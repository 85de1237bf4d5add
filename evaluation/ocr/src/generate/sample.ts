import type { Picture } from './drawing/picture.ts';

/** How a picture is written: without loss, or as a JPEG of this quality, 1 to 100. */
export type Encoding = 'png' | number;

/** One image of the set before it is drawn. */
export interface Sample {
  /** Of the file, without its ending. */
  readonly name: string;
  /** The text in reading order. */
  readonly lines: readonly string[];
  readonly encoding: Encoding;
  readonly picture: () => Promise<Picture>;
}
