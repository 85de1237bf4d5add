import type { RgbImage } from '@portico/media/image';
import { refuseIfCancelled } from '@portico/server/model';
import { heightOf, partOf, type Quad, turned, widthOf } from '../geometry/quad.ts';
import { confidenceOf, type RecognisedCharacter, type RecognisedText, textOf } from '../recognition/ctc.ts';
import { lineCrop, unstack } from '../recognition/line-crop.ts';
import { inputHeight, maxInputWidth, type Recogniser } from '../recognition/recogniser.ts';
import { inputWidth as classifierWidth, type TurnClassifier } from '../recognition/turn-classifier.ts';

/** Text in a quad of the image. */
export interface ReadLine extends RecognisedText {
  readonly polygon: Quad;
  /** Characters are one below the other. */
  readonly vertical: boolean;
}

export interface ReadWord {
  readonly text: string;
  readonly confidence: number;
  readonly polygon: Quad;
}

/** Reads single lines of one image. Each method throws the `Failure` `CANCELLED` once the request is cancelled. */
export interface LineReader {
  /** Reads a line along its quad. */
  read(polygon: Quad): Promise<ReadLine>;
  /** Reads characters that are one below the other. */
  readStacked(polygon: Quad): Promise<ReadLine>;
  /** The probability that the line is upside down, 0 to 1, judged by its beginning. */
  upsideDown(polygon: Quad): Promise<number>;
}

/** Boxes at least so many times as high as wide may hold vertical text, or text on its side. */
const minTallAspect = 1.5;
/** Below this they may also hold a single narrow character. */
const maxNarrowAspect = 3;
/** The confidence above which a line has been read the right way. */
const sureConfidence = 0.9;
/** Below this a line is also read from the other side. */
const doubtfulConfidence = 0.7;
/** By how much it must read better from there, */
const minGain = 0.1;
/** and with how many characters: a few look much the same from both sides. */
const minCharacters = 3;

export class ImageLineReader implements LineReader {
  readonly #image: RgbImage;
  readonly #recognise: Recogniser;
  readonly #classify: TurnClassifier;
  readonly #signal: AbortSignal;

  constructor(image: RgbImage, recognise: Recogniser, classify: TurnClassifier, signal: AbortSignal) {
    this.#image = image;
    this.#recognise = recognise;
    this.#classify = classify;
    this.#signal = signal;
  }

  async read(polygon: Quad): Promise<ReadLine> {
    refuseIfCancelled(this.#signal);
    const line = lineCrop(this.#image, polygon, inputHeight, maxInputWidth);
    return { ...(await this.#recognise(line)), polygon, vertical: false };
  }

  async readStacked(polygon: Quad): Promise<ReadLine> {
    refuseIfCancelled(this.#signal);
    const column = lineCrop(this.#image, turned(polygon, 1), inputHeight, maxInputWidth);
    return { ...(await this.#recognise(unstack(column))), polygon, vertical: true };
  }

  async upsideDown(polygon: Quad): Promise<number> {
    refuseIfCancelled(this.#signal);
    const beginning = (heightOf(polygon) * classifierWidth) / inputHeight / widthOf(polygon);
    const part = partOf(polygon, 'across', 0, Math.min(1, beginning));
    return this.#classify(lineCrop(this.#image, part, inputHeight, classifierWidth));
  }
}

/**
 * Reads a line that should run along the page's direction, however it lies.
 *
 * @param detectOrientation Whether the line may be on its side or upside down.
 */
export async function readLine(quad: Quad, reader: LineReader, detectOrientation: boolean): Promise<ReadLine> {
  const aspect = heightOf(quad) / widthOf(quad);
  if (aspect >= minTallAspect) return readTall(quad, reader, { narrow: aspect < maxNarrowAspect, detectOrientation });
  const line = await reader.read(quad);
  if (!detectOrientation || line.confidence >= doubtfulConfidence) return line;
  const upsideDown = await reader.read(turned(quad, 2));
  const isTelling = Math.max(line.characters.length, upsideDown.characters.length) >= minCharacters;
  return isTelling && upsideDown.confidence >= line.confidence + minGain ? upsideDown : line;
}

async function readTall(
  quad: Quad,
  reader: LineReader,
  { narrow, detectOrientation }: { narrow: boolean; detectOrientation: boolean },
): Promise<ReadLine> {
  let best = narrow ? await reader.read(quad) : undefined;
  if (best !== undefined && best.confidence >= sureConfidence) return best;
  best = surer(best, await reader.readStacked(quad));
  if (best.confidence >= sureConfidence || !detectOrientation) return best;
  const down = turned(quad, 1);
  return surer(best, await reader.read((await reader.upsideDown(down)) < 0.5 ? down : turned(quad, 3)));
}

const surer = (first: ReadLine | undefined, second: ReadLine): ReadLine =>
  first === undefined || second.confidence > first.confidence ? second : first;

/**
 * The words of a line and where they are. The recogniser knows the middle of each character only; a word is taken
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
