import type { Box } from '@portico/schemas';
import type { ClassifiedBox } from './overlaps.ts';
import type { Size } from './rgb-image.ts';

/** Pixels of the picture that one cell of each of YOLOX's three grids stands for. */
const yoloxStrides = [8, 16, 32];

/** A tensor of one picture, row by row; a leading axis of length 1 is taken for the batch. */
export interface DetectorOutput {
  readonly dims: readonly number[];
  readonly data: ArrayLike<number>;
}

export interface YoloOptions {
  /** Boxes with a lower score are left out, 0 to 1. */
  readonly minScore: number;
  /**
   * What a box consists of. `classes`: centre, size, and a score for each class (YOLOv8, v9, v11). `objectness`: centre, size, the score of
   * there being anything, and a score for each class (YOLOv5, v7). `yolox`: the same, but centre and size are still relative to a cell.
   */
  readonly form: 'classes' | 'objectness' | 'yolox';
  /** What the network has seen; only `yolox` needs it. */
  readonly canvas: Size;
}

/**
 * Reads the output of a YOLO network without suppression: a row for each possible box, or a column.
 *
 * @param output `float32[boxes, 4 + classes]`, or with both axes exchanged, as YOLOv8 has it: the shorter axis is the one of values
 * @returns boxes in pixels of the canvas, in the order of the output; many for each object
 * @throws {RangeError} when the output is no such tensor.
 */
export function readYolo(output: DetectorOutput, { minScore, form, canvas }: YoloOptions): ClassifiedBox[] {
  const { rows, columns } = matrixOf(output, form === 'classes' ? 5 : 6);
  const { data } = output;
  const isTurned = rows < columns;
  const [boxes, values] = isTurned ? [columns, rows] : [rows, columns];
  const [nextBox, nextValue] = isTurned ? [1, columns] : [columns, 1];
  const firstClass = form === 'classes' ? 4 : 5;
  const cells = form === 'yolox' ? yoloxCells(canvas, boxes) : undefined;
  const found: ClassifiedBox[] = [];
  for (let at = 0; at < boxes; at += 1) {
    const value = (place: number): number => data[at * nextBox + place * nextValue] ?? NaN;
    const objectness = form === 'classes' ? 1 : value(4);
    if (!(objectness >= minScore)) continue;
    let classIndex = 0;
    for (let place = firstClass + 1; place < values; place += 1)
      if (value(place) > value(firstClass + classIndex)) classIndex = place - firstClass;
    const score = objectness * value(firstClass + classIndex);
    if (!(score >= minScore)) continue;
    found.push({
      box: boxOfCentre(absolute([value(0), value(1), value(2), value(3)], cells?.[at])),
      score,
      classIndex,
    });
  }
  return found;
}

/** How four numbers say where a box is: two corners, `yx` where each corner's y comes first, or its centre and size. */
export type BoxFormat = 'corners' | 'cornersYx' | 'centre';

export interface EndToEndOptions {
  readonly minScore: number;
  readonly format: BoxFormat;
  /** What the numbers are multiplied by to be pixels of the canvas: the canvas where they go from 0 to 1, and 1 × 1 where they are pixels. */
  readonly scale: Size;
}

/**
 * Reads the output of a detector with suppression in its graph, such as YOLOv10's and YOLO26's `[300, 6]`: two corners, score, class.
 *
 * @param output `float32[boxes, 6]`
 * @returns boxes in pixels of the canvas, in the order of the output
 * @throws {RangeError} when the output is no such tensor.
 */
export function readEndToEnd(output: DetectorOutput, options: EndToEndOptions): ClassifiedBox[] {
  const { rows, columns } = matrixOf(output, 6);
  const column = (place: number): Float64Array =>
    Float64Array.from({ length: rows }, (_, row) => output.data[row * columns + place] ?? NaN);
  const boxes = Float64Array.from({ length: 4 * rows }, (_, at) => output.data[(at >> 2) * columns + (at & 3)] ?? NaN);
  return readBoxes({ boxes, scores: column(4), classes: column(5) }, options);
}

/** The outputs of a detector that has one for each: the same place in each is the same object. */
export interface SeparateOutputs {
  /** Four numbers a box. */
  readonly boxes: ArrayLike<number>;
  readonly scores: ArrayLike<number>;
  /** Class numbers, whole; int64 ones as bigints. */
  readonly classes: ArrayLike<number | bigint>;
  /**
   * How many of the boxes count; networks fill the rest up.
   *
   * @default all
   */
  readonly count?: number;
  /**
   * The number of the first class: TensorFlow's begin with 1, torchvision's too, because 0 is the background.
   *
   * @default 0
   */
  readonly firstClass?: number;
}

/** Reads the outputs of a detector that has one each for boxes, scores and classes, such as TensorFlow's SSD and torchvision's. */
export function readBoxes(
  { boxes, scores, classes, count = scores.length, firstClass = 0 }: SeparateOutputs,
  { minScore, format, scale }: EndToEndOptions,
): ClassifiedBox[] {
  const found: ClassifiedBox[] = [];
  for (let at = 0; at < Math.min(count, scores.length); at += 1) {
    const score = scores[at]!;
    const classIndex = Number(classes[at]) - firstClass;
    if (!(score >= minScore) || classIndex < 0) continue;
    const four: Four = [boxes[4 * at]!, boxes[4 * at + 1]!, boxes[4 * at + 2]!, boxes[4 * at + 3]!];
    const { x, y, width, height } = boxOf(four, format);
    const [wide, high] = [scale.width, scale.height];
    found.push({ box: { x: x * wide, y: y * high, width: width * wide, height: height * high }, score, classIndex });
  }
  return found;
}

/** The outputs of a detector that scores every class of every box, such as DETR's and UltraFace's. */
export interface ScoredBoxes {
  /** Four numbers a box. */
  readonly boxes: ArrayLike<number>;
  /** One row a box, a score for each class in it. */
  readonly scores: Float32Array;
  /**
   * The number of the first class: 1 where 0 is the background.
   *
   * @default 0
   */
  readonly firstClass?: number;
}

export interface ScoredBoxesOptions extends EndToEndOptions {
  /**
   * Makes probabilities of a box's row of scores, such as `softmax`.
   *
   * @default the scores are probabilities
   */
  readonly probabilitiesOf?: (scores: Float32Array) => ArrayLike<number>;
}

/**
 * Reads the outputs of a detector that scores every class of every box: the class with the highest score counts, the background too.
 *
 * @returns boxes in pixels of the canvas, in the order of the outputs, without suppression
 */
export function readScoredBoxes(
  { boxes, scores, firstClass = 0 }: ScoredBoxes,
  { probabilitiesOf = (row) => row, ...options }: ScoredBoxesOptions,
): ClassifiedBox[] {
  const count = boxes.length / 4;
  const width = count === 0 ? 0 : scores.length / count;
  const best = Array.from({ length: count }, (_, at) => {
    const probabilities = probabilitiesOf(scores.subarray(at * width, (at + 1) * width));
    let highest = 0;
    for (let index = 1; index < probabilities.length; index += 1)
      if (probabilities[index]! > probabilities[highest]!) highest = index;
    return { index: highest, score: probabilities[highest] ?? 0 };
  });
  const separate = {
    boxes,
    scores: best.map(({ score }) => score),
    classes: best.map(({ index }) => index),
    firstClass,
  };
  return readBoxes(separate, options);
}

type Four = readonly [number, number, number, number];

function matrixOf({ dims, data }: DetectorOutput, minValues: number): { rows: number; columns: number } {
  const [rows = 0, columns = 0, ...more] = dims.length === 3 && dims[0] === 1 ? dims.slice(1) : dims;
  // No boxes at all are as good a result as any, where the graph suppresses them.
  if (more.length > 0 || Math.max(rows, columns) < minValues || rows * columns !== data.length)
    throw new RangeError(
      `An output of [${dims.join(', ')}] is not one of boxes with at least ${minValues} values each.`,
    );
  return { rows, columns };
}

function boxOf(four: Four, format: BoxFormat): Box {
  if (format === 'centre') return boxOfCentre(four);
  const [left, top, right, bottom] = format === 'corners' ? four : [four[1], four[0], four[3], four[2]];
  return { x: left, y: top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) };
}

const boxOfCentre = ([x, y, width, height]: Four): Box => ({ x: x - width / 2, y: y - height / 2, width, height });

interface Cell {
  readonly column: number;
  readonly row: number;
  readonly stride: number;
}

const absolute = (four: Four, cell: Cell | undefined): Four =>
  cell === undefined
    ? four
    : [
        (four[0] + cell.column) * cell.stride,
        (four[1] + cell.row) * cell.stride,
        Math.exp(four[2]) * cell.stride,
        Math.exp(four[3]) * cell.stride,
      ];

/** The cell of each box: the grids one after another, row by row. */
function yoloxCells({ width, height }: Size, count: number): Cell[] {
  const cells = yoloxStrides.flatMap((stride) => {
    const columns = Math.floor(width / stride);
    return Array.from({ length: columns * Math.floor(height / stride) }, (_, at) => ({
      column: at % columns,
      row: Math.floor(at / columns),
      stride,
    }));
  });
  if (cells.length !== count)
    throw new RangeError(`YOLOX finds ${cells.length} boxes in ${width} × ${height} pixels; the output has ${count}.`);
  return cells;
}
