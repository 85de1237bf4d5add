import { float32Data, type LoadContext, type SessionSignature, Tensor } from '@portico/server/model';
import { interleavedValues, type RgbImage } from '@portico/media';
import { coarseAnchors, fineAnchors } from './anchors.ts';
import { type Candidate, shapeLength } from './candidate.ts';
import { decodeCandidates } from './decode-candidates.ts';

/** Every candidate of at least this confidence in a square image of the network's side. */
export type Detector = (square: RgbImage, minConfidence: number) => Promise<Candidate[]>;

const inputName = 'input:0';
const grids = [
  { anchors: fineAnchors, scores: 'Identity:0', shapes: 'Identity_2:0' },
  { anchors: coarseAnchors, scores: 'Identity_1:0', shapes: 'Identity_3:0' },
];

/** `side` is the input's, in pixels. */
const signature = (side: number): SessionSignature => ({
  inputs: { [inputName]: { type: 'float32', shape: [1, side, side, 3] } },
  outputs: Object.fromEntries(
    grids.flatMap(({ anchors, scores, shapes }) => [
      [scores, { type: 'float32', shape: [1, anchors.length, 1] }],
      [shapes, { type: 'float32', shape: [1, anchors.length, shapeLength] }],
    ]),
  ),
});

export async function loadDetector(
  context: Pick<LoadContext, 'createSession'>,
  path: string,
  side: number,
): Promise<Detector> {
  const session = await context.createSession(path, signature(side));
  return async (square, minConfidence) => {
    const tensor = new Tensor('float32', interleavedValues(square), [1, side, side, 3]);
    const outputs = await session.run({ [inputName]: tensor });
    return grids.flatMap(({ anchors, scores, shapes }) => {
      const grid = { anchors, scores: float32Data(outputs, scores), shapes: float32Data(outputs, shapes) };
      return decodeCandidates(grid, side, minConfidence);
    });
  };
}
