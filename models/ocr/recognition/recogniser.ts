import { readFile } from 'node:fs/promises';
import { type LoadContext, type SessionSignature, Tensor } from '@portico/server/model';
import { channelPlanes, type Normalisation, type RgbImage } from '@portico/media/image';
import { type Alphabet, decodeCtc, type RecognisedCharacter, type RecognisedText } from './ctc.ts';

/** Reads the one horizontal line of text in an image of {@link inputHeight}; `middle` is a share of the image's width. */
export type Recogniser = (line: RgbImage) => Promise<RecognisedText>;

const inputName = 'x';
const outputName = 'softmax_11.tmp_0';
/** Pixels. */
export const inputHeight = 48;
/** Shorter lines are padded to this width: half of training's reads single words as well in half the time; less does not. */
const minInputWidth = 160;
/** Longer lines are squeezed into this width, so that no box takes unbounded time and memory. */
export const maxInputWidth = 4800;

const signature = (alphabet: Alphabet) =>
  ({
    inputs: { [inputName]: { type: 'float32', shape: [null, 3, inputHeight, null] } },
    outputs: { [outputName]: { type: 'float32', shape: [null, null, alphabet.length] } },
  }) as const satisfies SessionSignature;

const normalisation: Normalisation = { mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] };

export async function loadRecogniser(
  context: Pick<LoadContext, 'createSession'>,
  path: string,
  alphabet: Alphabet,
): Promise<Recogniser> {
  const session = await context.createSession(path, signature(alphabet));
  return async (line) => {
    const paddedWidth = Math.max(line.width, minInputWidth);
    const planes = channelPlanes(line, normalisation, paddedWidth);
    const outputs = await session.run({ [inputName]: new Tensor('float32', planes, [1, 3, inputHeight, paddedWidth]) });
    const probabilities = outputs[outputName].data;
    const steps = probabilities.length / alphabet.length;
    const read = decodeCtc(probabilities, alphabet);
    const share = (step: number): number => Math.min(1, ((step + 0.5) / steps) * (paddedWidth / line.width));
    const placed = (character: RecognisedCharacter): RecognisedCharacter => ({
      ...character,
      middle: share(character.middle),
    });
    return { ...read, characters: read.characters.map(placed) };
  };
}

/** Reads PaddleOCR's dictionary, one character a line. The net adds the blank before and the space after them. */
export const loadAlphabet = async (path: string): Promise<Alphabet> => parseAlphabet(await readFile(path, 'utf8'));

export const parseAlphabet = (dictionary: string): Alphabet => [
  '',
  ...dictionary.replace(/\r?\n$/, '').split(/\r?\n/),
  ' ',
];
