import { partOf, type Quad } from '../geometry/quad.ts';
import { confidenceOf, type RecognisedCharacter, textOf } from '../recognition/ctc.ts';
import type { ReadLine } from './line-reader.ts';

export interface ReadWord {
  readonly text: string;
  readonly confidence: number;
  readonly polygon: Quad;
}

/**
 * The words of a line and where they stand. The recogniser knows the middle of each character only; a word is taken
 * to reach half a character beyond its outer ones, but not past the middle between two words.
 */
export function wordsOf({ characters, polygon, vertical }: ReadLine): ReadWord[] {
  const words = splitAtSpaces(characters);
  return words.map((word, index) => {
    const half = (pitchOf(word) ?? 1 / (characters.length + words.length)) / 2;
    const [first, last] = [word[0]!.middle, word.at(-1)!.middle];
    const previous = words[index - 1]?.at(-1)?.middle;
    const next = words[index + 1]?.[0]?.middle;
    const from = previous === undefined ? 0 : Math.max(first - half, (previous + first) / 2);
    const to = next === undefined ? 1 : Math.min(last + half, (last + next) / 2);
    return {
      text: textOf(word),
      confidence: confidenceOf(word),
      polygon: partOf(polygon, vertical ? 'down' : 'across', from, to),
    };
  });
}

function splitAtSpaces(characters: readonly RecognisedCharacter[]): RecognisedCharacter[][] {
  const words: RecognisedCharacter[][] = [];
  for (const character of characters) {
    if (words.length === 0 || character.followsSpace) words.push([]);
    words.at(-1)!.push(character);
  }
  return words;
}

/** Mean distance of neighbouring characters, as a share of the line. */
const pitchOf = (word: readonly RecognisedCharacter[]): number | undefined =>
  word.length < 2 ? undefined : (word.at(-1)!.middle - word[0]!.middle) / (word.length - 1);
