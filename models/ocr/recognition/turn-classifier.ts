import { type LoadContext, type SessionSignature, Tensor } from '@portico/server/model';
import { channelPlanes, type Normalisation, type RgbImage } from '@portico/media/image';

/** The probability that a horizontal line of text, {@link inputHeight} pixels high, is upside down, 0 to 1. */
export type TurnClassifier = (line: RgbImage) => Promise<number>;

const inputName = 'x';
const outputName = 'softmax_0.tmp_0';
const inputHeight = 48;
/** Of a longer line its beginning is enough; shorter ones are padded, as in training. */
export const inputWidth = 192;

const signature = {
  inputs: { [inputName]: { type: 'float32', shape: [null, 3, null, null] } },
  outputs: { [outputName]: { type: 'float32', shape: [null, 2] } },
} as const satisfies SessionSignature;

const normalisation: Normalisation = { mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] };

export async function loadTurnClassifier(
  context: Pick<LoadContext, 'createSession'>,
  path: string,
): Promise<TurnClassifier> {
  const session = await context.createSession(path, signature);
  return async (line) => {
    const planes = channelPlanes(line, normalisation, inputWidth);
    const outputs = await session.run({ [inputName]: new Tensor('float32', planes, [1, 3, inputHeight, inputWidth]) });
    return outputs[outputName].data[1]!;
  };
}
