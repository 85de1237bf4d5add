import { decodeImage, greyPlane, letterbox, type Normalisation, sharp, zeroToOne } from '@portico/media/image';
import {
  defineModel,
  highestScores,
  joinRows,
  rowsOfTensor,
  runTogether,
  softmax,
  Tensor,
  weightPath,
} from '@portico/server/model';
import { DigitsParams, type DigitsResult, digitsTask } from './contract.ts';
import { signature } from './signature.ts';

/** What the network sees, in pixels. */
const size = { width: 28, height: 28 };
/** How the network was trained to see a pixel. */
const normalisation: Normalisation = zeroToOne;

export default defineModel(digitsTask, {
  // Runs once, before the replica is ready.
  async load({ weights, createSession, maxImagePixels }) {
    const session = await createSession(weightPath(weights, 'network'), signature);
    return { session, maxImagePixels };
  },

  // All inputs of a batch in one run: the tensors have a batch axis. maxBatchSize in index.ts bounds it.
  run: (inputs, { loaded: { session, maxImagePixels }, signal }) =>
    runTogether(inputs, {
      signal,
      prepare: ({ file, params }) => inputOf(file.data, { maxPixels: maxImagePixels, invert: params.invert }),
      async run(rows) {
        const outputs = await session.run({
          image: new Tensor('float32', joinRows(rows), [rows.length, 1, size.height, size.width]),
        });
        return rowsOfTensor(outputs.logits);
      },
      finish: resultOf,
    }),

  // The run that decides whether the replica is ready.
  async warmUp() {
    const grey = sharp({ create: { width: 320, height: 240, channels: 3, background: '#777' } });
    return { file: { data: await grey.png().toBuffer(), mediaType: 'image/png' }, params: DigitsParams.parse({}) };
  },
});

/** Preprocessing: the values that the network takes. A file that is no picture fails by itself, with what is wrong with it. */
async function inputOf(
  file: Uint8Array,
  { maxPixels, invert }: { maxPixels: number; invert: boolean },
): Promise<Float32Array> {
  const image = await decodeImage(file, { maxPixels });
  const padColour: [number, number, number] = invert ? [255, 255, 255] : [0, 0, 0];
  const { image: square } = await letterbox(image, { ...size, padColour });
  const values = greyPlane(square, normalisation);
  // The network has learned light digits on a dark ground.
  return invert ? values.map((value) => 1 - value) : values;
}

/** Postprocessing: the digit with the highest score, and its probability. */
function resultOf(scores: Float32Array): DigitsResult {
  const [best] = highestScores(softmax(scores), 1);
  return { digit: best?.index ?? 0, confidence: Math.min(1, best?.score ?? 0) };
}
