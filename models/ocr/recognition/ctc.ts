/** The text of each class of the recognition net; class 0 is CTC's blank and has none. */
export type Alphabet = readonly string[];

export interface RecognisedText {
  readonly text: string;
  /** Mean probability of the characters without the spaces, 0 to 1; 0 where there are none. */
  readonly confidence: number;
  /** Without the spaces. */
  readonly characters: readonly RecognisedCharacter[];
}

export interface RecognisedCharacter {
  readonly text: string;
  readonly probability: number;
  readonly followsSpace: boolean;
  /** The middle of the time steps that show it, in steps from the line's start. */
  readonly middle: number;
}

/** What the net sees between two characters. */
export interface WordGap {
  /** Time steps from the end of one character to the start of the next; a step is 8 pixels of a line 48 high. */
  readonly steps: number;
  /** Whether the space was the likeliest class in any of them. */
  readonly hasSpace: boolean;
  /** The highest probability of the space in any of them, 0 to 1. */
  readonly spaceProbability: number;
}

interface Spike {
  readonly text: string;
  readonly probability: number;
  readonly gapBefore: WordGap;
  readonly start: number;
  end: number;
}

const blank = 0;

// Between two words the net often prefers the blank, with the space as a weak second. Of 4,800 gaps in printed
// English, those this wide with at least this probability were exactly the ones between words.
const minGapSteps = 4;
const minSpaceProbability = 0.02;

/** Chinese is written without spaces, and its characters and marks are as far apart as English words. */
const chinese = /[\p{Script=Han}\u3001-\u303F\uFF01-\uFF65]/u;

/**
 * Greedy CTC decoding (Graves et al., 2006): the likeliest class of each time step, repeats merged, blanks dropped;
 * no space at the ends and never two in a row.
 *
 * @param probabilities `steps * alphabet.length` values between 0 and 1, step by step.
 */
export function decodeCtc(probabilities: Float32Array, alphabet: Alphabet): RecognisedText {
  const spikes = collapse(probabilities, alphabet);
  const characters = spikes.map(({ text, probability, gapBefore, start, end }, index) => {
    const before = spikes[index - 1];
    const followsSpace = before !== undefined && isSpace(gapBefore, before.text, text);
    return { text, probability, followsSpace, middle: (start + end) / 2 };
  });
  return { text: textOf(characters), confidence: confidenceOf(characters), characters };
}

/** Runs of one class merged, blanks dropped, and what is between the rest. */
function collapse(probabilities: Float32Array, alphabet: Alphabet): Spike[] {
  const classes = alphabet.length;
  const space = alphabet.indexOf(' ');
  const spikes: Spike[] = [];
  let previous = blank;
  let end = 0;
  let hasSpace = false;
  let spaceProbability = 0;
  for (let step = 0, offset = 0; offset < probabilities.length; step += 1, offset += classes) {
    const best = likeliestClass(probabilities, offset, classes);
    if (best === space) hasSpace = true;
    else if (best !== blank) {
      if (best === previous) spikes.at(-1)!.end = step;
      else {
        const gapBefore = { steps: step - end, hasSpace, spaceProbability };
        const probability = probabilities[offset + best]!;
        spikes.push({ text: alphabet[best]!, probability, gapBefore, start: step, end: step });
        hasSpace = false;
        spaceProbability = 0;
      }
      end = step;
    }
    // The steps of a character count towards the gap after it: a space may show in its last one.
    spaceProbability = Math.max(spaceProbability, probabilities[offset + space]!);
    previous = best;
  }
  return spikes;
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

/** Whether a space is in the gap between two characters, also one that the net hides behind the blank. */
export const isSpace = (gap: WordGap, before: string, after: string): boolean =>
  gap.hasSpace ||
  (gap.steps >= minGapSteps &&
    gap.spaceProbability >= minSpaceProbability &&
    !chinese.test(before) &&
    !chinese.test(after));

/** The characters' text with the spaces between them. */
export const textOf = (characters: readonly RecognisedCharacter[]): string =>
  characters.map(({ text, followsSpace }, index) => (followsSpace && index > 0 ? ` ${text}` : text)).join('');

/** Mean probability, 0 to 1; 0 where there are no characters. */
export function confidenceOf(characters: readonly RecognisedCharacter[]): number {
  const sum = characters.reduce((total, { probability }) => total + probability, 0);
  return characters.length === 0 ? 0 : Math.min(1, sum / characters.length);
}
