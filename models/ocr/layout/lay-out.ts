import { outlinesOf, type PlacedText } from './outline.ts';
import { read } from './read.ts';

/** A page as a person reads it. */
export interface Layout<Line> {
  /** All lines in reading order. */
  readonly lines: readonly Line[];
  /**
   * Their text: fragments of one row joined by a space (none between Chinese or Japanese characters), rows by a line
   * break, paragraphs and columns by an empty line.
   */
  readonly text: string;
}

/**
 * Lays out the lines of a page. `angle` is by how many degrees the page must be turned clockwise for its text to stand
 * upright; corners are finite and in the unturned page. The order of the input and the units of the corners do not
 * matter.
 */
export function layOut<Line extends PlacedText>(lines: readonly Line[], angle: number): Layout<Line> {
  const { order, text } = read(outlinesOf(lines, angle));
  return { lines: order.map((index) => lines[index]!), text };
}
