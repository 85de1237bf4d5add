import type { Alphabet } from './alphabet.ts';
import { isSpace, type WordGap } from './word-gap.ts';

export interface RecognisedText {
  readonly text: string;
  /** Mean probability of the characters without the spaces, 0 to 1; 0 where there are none. */
  readonly confidence: number;
}

interface Character {
  readonly text: string;
  readonly probability: number;
  readonly gapBefore: WordGap;
}

const blank = 0;

/**
 * Greedy CTC decoding (Graves et al., 2006): the likeliest class of each time step, repeats merged, blanks dropped;
 * no space at the ends and never two in a row.
 *
 * @param probabilities `steps * alphabet.length` values between 0 and 1, step by step.
 */
export function decodeCtc(probabilities: Float32Array, alphabet: Alphabet): RecognisedText {
  const characters = collapse(probabilities, alphabet);
  let text = '';
  let sum = 0;
  for (const [index, character] of characters.entries()) {
    const before = characters[index - 1];
    if (before !== undefined && isSpace(character.gapBefore, before.text, character.text)) text += ' ';
    text += character.text;
    sum += character.probability;
  }
  return { text, confidence: characters.length === 0 ? 0 : Math.min(1, sum / characters.length) };
}

function collapse(probabilities: Float32Array, alphabet: Alphabet): Character[] {
  const classes = alphabet.length;
  const space = alphabet.indexOf(' ');
  const characters: Character[] = [];
  let previous = blank;
  let end = 0;
  let hasSpace = false;
  let spaceProbability = 0;
  for (let step = 0, offset = 0; offset < probabilities.length; step += 1, offset += classes) {
    const best = likeliestClass(probabilities, offset, classes);
    if (best === space) hasSpace = true;
    else if (best !== blank) {
      if (best !== previous) {
        const gapBefore = { steps: step - end, hasSpace, spaceProbability };
        characters.push({ text: alphabet[best]!, probability: probabilities[offset + best]!, gapBefore });
        hasSpace = false;
        spaceProbability = 0;
      }
      end = step;
    }
    // The steps of a character count towards the gap after it: a space may show in its last one.
    spaceProbability = Math.max(spaceProbability, probabilities[offset + space]!);
    previous = best;
  }
  return characters;
}

function likeliestClass(probabilities: Float32Array, offset: number, classes: number): number {
  let best = 0;
  let bestProbability = probabilities[offset]!;
  // The probabilities of a step add up to 1, so nothing follows that exceeds more than a half.
  for (let index = 1; index < classes && bestProbability <= 0.5; index += 1) {
    const probability = probabilities[offset + index]!;
    if (probability > bestProbability) {
      best = index;
      bestProbability = probability;
    }
  }
  return best;
}
