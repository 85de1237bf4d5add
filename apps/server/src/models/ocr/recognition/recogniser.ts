import { Tensor } from 'onnxruntime-node';
import { channelPlanes, type Normalisation } from '../../media/channel-planes.ts';
import { resizeRegion } from '../../media/resize-region.ts';
import type { RgbImage } from '../../media/rgb-image.ts';
import type { LoadContext } from '../../model.ts';
import type { SessionSignature } from '../../session.ts';
import type { Box } from '../box.ts';
import { float32Data } from '../float32-data.ts';
import type { Alphabet } from './alphabet.ts';
import { decodeCtc, type RecognisedText } from './ctc.ts';
import { lineRegion } from './line-region.ts';

/** Reads the one horizontal line of text in a box of an image. */
export type Recogniser = (image: RgbImage, box: Box) => Promise<RecognisedText>;

const inputName = 'x';
const outputName = 'softmax_11.tmp_0';
const inputHeight = 48;
/** Shorter lines are padded to this width: half of training's reads single words as well in half the time, less does not. */
const minInputWidth = 160;
/** Longer lines are squeezed into this width, so that one box cannot ask for unbounded time and memory. */
const maxInputWidth = 4800;

/** Small print that must be enlarged loses its spaces with a linear kernel. */
const kernel = 'cubic';

const signature = (alphabet: Alphabet): SessionSignature => ({
  inputs: { [inputName]: { type: 'float32', shape: [null, 3, inputHeight, null] } },
  outputs: { [outputName]: { type: 'float32', shape: [null, null, alphabet.length] } },
});

const normalisation: Normalisation = { mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] };

export async function loadRecogniser(
  context: Pick<LoadContext, 'createSession'>,
  path: string,
  alphabet: Alphabet,
): Promise<Recogniser> {
  const session = await context.createSession(path, signature(alphabet));
  return async (image, box) => {
    const region = lineRegion(box, image);
    const width = Math.min(maxInputWidth, Math.ceil((inputHeight * region.width) / region.height));
    const line = await resizeRegion(image, region, { width, height: inputHeight, kernel });
    const paddedWidth = Math.max(width, minInputWidth);
    const planes = channelPlanes(line, normalisation, paddedWidth);
    const outputs = await session.run({ [inputName]: new Tensor('float32', planes, [1, 3, inputHeight, paddedWidth]) });
    return decodeCtc(float32Data(outputs, outputName), alphabet);
  };
}
