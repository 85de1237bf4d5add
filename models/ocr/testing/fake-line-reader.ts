import { centreOf, directionOf, type Quad, widthOf } from '../geometry/quad.ts';
import type { LineReader, ReadLine } from '../reading/read-line.ts';

/** A probability for a quad, given the quarter turns by which its text is turned clockwise, 0 to 3. */
type Answer = (quarters: number, quad: Quad) => number;

export interface Answers {
  readonly read?: Answer;
  readonly readStacked?: Answer;
  readonly upsideDown?: Answer;
  /** The text of every line; else it tells where the line stands. */
  readonly text?: string;
}

/** Reads no pixels, but answers with the confidence it was told and remembers what it was asked. */
export class FakeLineReader implements LineReader {
  /** The kind of each question, and the direction of the quad to the nearest quarter. */
  readonly asked: string[] = [];
  readonly #answers: Answers;

  constructor(answers: Answers = {}) {
    this.#answers = answers;
  }

  read(polygon: Quad): Promise<ReadLine> {
    return Promise.resolve(this.#line('read', polygon, false));
  }

  readStacked(polygon: Quad): Promise<ReadLine> {
    return Promise.resolve(this.#line('readStacked', polygon, true));
  }

  upsideDown(polygon: Quad): Promise<number> {
    return Promise.resolve(this.#answer('upsideDown', polygon));
  }

  #line(kind: 'read' | 'readStacked', polygon: Quad, vertical: boolean): ReadLine {
    const confidence = this.#answer(kind, polygon);
    const text = this.#answers.text ?? textAt(polygon);
    const characters = Array.from(text, (character, index) => ({
      text: character,
      probability: confidence,
      followsSpace: false,
      middle: (index + 0.5) / text.length,
    }));
    return { text, confidence, characters, polygon, vertical };
  }

  #answer(kind: 'read' | 'readStacked' | 'upsideDown', quad: Quad): number {
    const quarters = (Math.round(directionOf(quad) / 90) + 4) % 4;
    this.asked.push(`${kind} ${quarters * 90}`);
    return this.#answers[kind]?.(quarters, quad) ?? 0;
  }
}

/** The text of a line tells where it stands; longer lines have longer texts. */
export function textAt(quad: Quad): string {
  const { x, y } = centreOf(quad);
  return `text at ${Math.round(x)}, ${Math.round(y)}`.padEnd(widthOf(quad) / 10, '.');
}
