import type { Anchor } from './anchors.ts';
import { type Candidate, shapeLength } from './candidate.ts';

/** What the network says about one grid of anchors. */
export interface GridOutput {
  readonly anchors: readonly Anchor[];
  /** One logit an anchor. */
  readonly scores: Float32Array;
  /** `shapeLength` numbers an anchor, in pixels of the input; places are relative to the anchor. */
  readonly shapes: Float32Array;
}

/** The candidates of a grid that are at least as confident as asked for; `side` is the input's, in pixels. */
export function decodeCandidates(
  { anchors, scores, shapes }: GridOutput,
  side: number,
  minConfidence: number,
): Candidate[] {
  return anchors.flatMap((anchor, index) => {
    const confidence = sigmoid(scores[index]!);
    if (confidence < minConfidence) return [];
    const raw = shapes.subarray(index * shapeLength, (index + 1) * shapeLength);
    const shape = Array.from(raw, (value, at) => value / side + offset(anchor, at));
    return isBox(shape) ? [{ confidence, shape }] : [];
  });
}

/** Width and height stand at 2 and 3; of everything else x and y alternate. */
const offset = (anchor: Anchor, at: number): number => (at === 2 || at === 3 ? 0 : at % 2 === 0 ? anchor.x : anchor.y);

const isBox = ([, , width = 0, height = 0]: readonly number[]): boolean => width > 0 && height > 0;

const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit));
