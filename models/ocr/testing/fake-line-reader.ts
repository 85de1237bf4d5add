import { centreOf, directionOf, type Quad, widthOf } from '../geometry/quad.ts';
import type { LineReader, ReadLine } from '../reading/read-line.ts';

/** A probability for a quad, given the quarter turns by which its text is turned clockwise, 0 to 3. */
type Score = (quarters: number, quad: Quad) => number;

export interface Scores {
  readonly read?: Score;
  readonly readStacked?: Score;
  readonly upsideDown?: Score;
  /** The text of every line; by default it says where the line is. */
  readonly text?: string;
}

/** Reads no pixels: it returns the given probabilities and records the calls. */
export class FakeLineReader implements LineReader {
  /** The method of each call, and the direction of its quad to the nearest quarter. */
  readonly calls: string[] = [];
  readonly #scores: Scores;

  constructor(scores: Scores = {}) {
    this.#scores = scores;
  }

  read(polygon: Quad): Promise<ReadLine> {
    return Promise.resolve(this.#line('read', polygon, false));
  }

  readStacked(polygon: Quad): Promise<ReadLine> {
    return Promise.resolve(this.#line('readStacked', polygon, true));
  }

  upsideDown(polygon: Quad): Promise<number> {
    return Promise.resolve(this.#score('upsideDown', polygon));
  }

  #line(kind: 'read' | 'readStacked', polygon: Quad, vertical: boolean): ReadLine {
    const confidence = this.#score(kind, polygon);
    const text = this.#scores.text ?? textAt(polygon);
    const characters = Array.from(text, (character, index) => ({
      text: character,
      probability: confidence,
      followsSpace: false,
      middle: (index + 0.5) / text.length,
    }));
    return { text, confidence, characters, polygon, vertical };
  }

  #score(kind: 'read' | 'readStacked' | 'upsideDown', quad: Quad): number {
    const quarters = (Math.round(directionOf(quad) / 90) + 4) % 4;
    this.calls.push(`${kind} ${quarters * 90}`);
    return this.#scores[kind]?.(quarters, quad) ?? 0;
  }
}

/** A text that says where its line is; longer lines have longer texts. */
export function textAt(quad: Quad): string {
  const { x, y } = centreOf(quad);
  return `text at ${Math.round(x)}, ${Math.round(y)}`.padEnd(widthOf(quad) / 10, '.');
}
