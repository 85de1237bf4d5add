import type { Alphabet } from './alphabet.ts';

export interface RecognisedText {
  readonly text: string;
  /** Mean probability of the characters, 0 to 1; 0 where there are none. */
  readonly confidence: number;
}

const blank = 0;
const space = ' ';

/**
 * The model often prefers the blank to the space between two words, with the space a close second there; inside a
 * word the space stays below a thousandth. A gap in which it once comes this near is a space.
 */
const hiddenSpaceProbability = 0.15;

/**
 * Greedy CTC decoding (Graves et al., 2006): the likeliest class of each time step, repeats merged, blanks dropped,
 * spaces that the blank hides restored, none at the ends.
 *
 * @param probabilities `steps * alphabet.length` values between 0 and 1, step by step.
 */
export function decodeCtc(probabilities: Float32Array, alphabet: Alphabet): RecognisedText {
  const classes = alphabet.length;
  const spaceClass = alphabet.indexOf(space);
  let text = '';
  let sum = 0;
  let characters = 0;
  let previous = blank;
  let gapHasSpace = false;
  for (let offset = 0; offset < probabilities.length; offset += classes) {
    const best = likeliestClass(probabilities, offset, classes);
    if (best !== blank && best !== previous && best !== spaceClass) {
      if (gapHasSpace && text !== '') text += space;
      text += alphabet[best]!;
      sum += probabilities[offset + best]!;
      characters += 1;
      gapHasSpace = false;
    }
    if (probabilities[offset + spaceClass]! >= hiddenSpaceProbability) gapHasSpace = true;
    previous = best;
  }
  return { text, confidence: characters === 0 ? 0 : Math.min(1, sum / characters) };
}

function likeliestClass(probabilities: Float32Array, offset: number, classes: number): number {
  let best = blank;
  let bestProbability = -1;
  for (let index = 0; index < classes; index += 1) {
    const probability = probabilities[offset + index]!;
    if (probability > bestProbability) {
      best = index;
      bestProbability = probability;
    }
  }
  return best;
}
