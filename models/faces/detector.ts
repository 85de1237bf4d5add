import { type Detection, interleavedValues, minusOneToOne, type RgbImage } from '@portico/media/image';
import { type LoadContext, type SessionSignature, Tensor } from '@portico/server/model';

/**
 * Every face of at least this confidence that the network may have seen in a square image of its side; many of them are the same face.
 * Coordinates are shares of the side: the box's centre (x, y), width and height, then x and y of right eye, left eye, nose, mouth,
 * right ear and left ear. Left and right are the person's own.
 */
export type Detector = (square: RgbImage, minConfidence: number) => Promise<Detection[]>;

/** Where on the network's input a face is looked for, as shares of its side. */
interface Anchor {
  readonly x: number;
  readonly y: number;
}

const coordinateCount = 16;

/** MediaPipe's grids, cells a side and anchors a cell; every anchor is as large as the input. */
const grids = [
  {
    anchors: gridAnchors({ cells: 16, anchorsPerCell: 2 }),
    scores: 'Identity:0',
    coordinates: 'Identity_2:0',
  },
  {
    anchors: gridAnchors({ cells: 8, anchorsPerCell: 6 }),
    scores: 'Identity_1:0',
    coordinates: 'Identity_3:0',
  },
] as const;

/** `side` is the input's, in pixels. */
const signature = (side: number) =>
  ({
    inputs: { 'input:0': { type: 'float32', shape: [1, side, side, 3] } },
    outputs: {
      'Identity:0': { type: 'float32', shape: [1, 512, 1] },
      'Identity_1:0': { type: 'float32', shape: [1, 384, 1] },
      'Identity_2:0': { type: 'float32', shape: [1, 512, coordinateCount] },
      'Identity_3:0': { type: 'float32', shape: [1, 384, coordinateCount] },
    },
  }) as const satisfies SessionSignature;

/** Loads BlazeFace; `side` is that of the square it looks at, in pixels. */
export async function loadDetector(
  context: Pick<LoadContext, 'createSession'>,
  path: string,
  side: number,
): Promise<Detector> {
  const session = await context.createSession(path, signature(side));
  return async (square, minConfidence) => {
    const tensor = new Tensor('float32', interleavedValues(square, minusOneToOne), [1, side, side, 3]);
    const outputs = await session.run({ 'input:0': tensor });
    return grids.flatMap(({ anchors, scores, coordinates }) =>
      decodeGrid(
        { anchors, scores: outputs[scores].data, coordinates: outputs[coordinates].data },
        side,
        minConfidence,
      ),
    );
  };
}

/** The anchors of a grid row by row, those of a cell one after the other, as the network writes its outputs. */
export function gridAnchors({ cells, anchorsPerCell }: { cells: number; anchorsPerCell: number }): Anchor[] {
  return Array.from({ length: cells * cells * anchorsPerCell }, (_, index) => {
    const cell = Math.floor(index / anchorsPerCell);
    return { x: ((cell % cells) + 0.5) / cells, y: (Math.floor(cell / cells) + 0.5) / cells };
  });
}

/** The network's output for one grid of anchors. */
interface GridOutput {
  readonly anchors: readonly Anchor[];
  /** One logit for each anchor. */
  readonly scores: Float32Array;
  /** Sixteen numbers for each anchor, in pixels of the input; places are relative to the anchor. */
  readonly coordinates: Float32Array;
}

/** The detections of a grid of at least this confidence; `side` is the input's, in pixels. */
export function decodeGrid(
  { anchors, scores, coordinates }: GridOutput,
  side: number,
  minConfidence: number,
): Detection[] {
  return anchors.flatMap((anchor, index) => {
    const confidence = sigmoid(scores[index]!);
    if (confidence < minConfidence) return [];
    const raw = coordinates.subarray(index * coordinateCount, (index + 1) * coordinateCount);
    const shares = Array.from(raw, (value, at) => value / side + offset(anchor, at));
    return hasArea(shares) ? [{ confidence, coordinates: shares }] : [];
  });
}

/** Width and height are at 2 and 3; of everything else x and y alternate. */
const offset = (anchor: Anchor, at: number): number => (at === 2 || at === 3 ? 0 : at % 2 === 0 ? anchor.x : anchor.y);

const hasArea = ([, , width = 0, height = 0]: readonly number[]): boolean => width > 0 && height > 0;

const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit));
