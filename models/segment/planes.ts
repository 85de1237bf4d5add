import type { Size } from '@portico/media/image';

/** One number for each pixel, rows from the top. */
export interface Plane extends Size {
  readonly values: Float32Array;
}

/** How far a window reaches from its middle, in pixels; it is `2 * x + 1` wide. */
export interface Reach {
  readonly x: number;
  readonly y: number;
}

/** A plane of a size; `value` gets the index of each pixel. */
export function mapPlane({ width, height }: Size, value: (index: number) => number): Plane {
  const values = new Float32Array(width * height);
  for (let index = 0; index < values.length; index += 1) values[index] = value(index);
  return { values, width, height };
}

/** The mean of the window around each pixel; windows end at the edge. The time does not depend on the reach. */
export const boxMean = (plane: Plane, reach: Reach): Plane => meanOfColumns(meanOfRows(plane, reach.x), reach.y);

/** Sums are kept in double precision, so what is added and taken away again leaves nothing behind that matters. */
function meanOfRows({ values, width, height }: Plane, reach: number): Plane {
  const means = new Float32Array(values.length);
  for (let row = 0; row < height; row += 1) {
    const start = row * width;
    let sum = 0;
    for (let column = 0; column < Math.min(reach, width); column += 1) sum += values[start + column]!;
    for (let column = 0; column < width; column += 1) {
      const first = column - reach;
      const last = column + reach;
      if (last < width) sum += values[start + last]!;
      means[start + column] = sum / (Math.min(last, width - 1) - Math.max(first, 0) + 1);
      if (first >= 0) sum -= values[start + first]!;
    }
  }
  return { values: means, width, height };
}

function meanOfColumns({ values, width, height }: Plane, reach: number): Plane {
  const means = new Float32Array(values.length);
  const sums = new Float64Array(width);
  const add = (row: number, sign: 1 | -1): void => {
    const start = row * width;
    for (let column = 0; column < width; column += 1) sums[column]! += sign * values[start + column]!;
  };
  for (let row = 0; row < Math.min(reach, height); row += 1) add(row, 1);
  for (let row = 0; row < height; row += 1) {
    const first = row - reach;
    const last = row + reach;
    if (last < height) add(last, 1);
    const share = 1 / (Math.min(last, height - 1) - Math.max(first, 0) + 1);
    for (let column = 0, to = row * width; column < width; column += 1, to += 1) means[to] = sums[column]! * share;
    if (first >= 0) add(first, -1);
  }
  return { values: means, width, height };
}

/** The whole stretched plane. */
export function stretch(plane: Plane, size: Size): Plane {
  const rows = new StretchedPlane(plane, size);
  const values = new Float32Array(size.width * size.height);
  for (let row = 0; row < size.height; row += 1) values.set(rows.row(row), row * size.width);
  return { values, ...size };
}

/** A plane stretched to another size, bilinear between the middles of pixels, made row by row: it may be large. */
export class StretchedPlane {
  readonly #plane: Plane;
  readonly #size: Size;
  /** For each column the one of the plane to its left, and how far it lies beyond it. */
  readonly #columns: Int32Array;
  readonly #shares: Float32Array;
  /** A row between two of the plane; its last value is there twice, so that there always is one to the right. */
  readonly #between: Float32Array;
  readonly #row: Float32Array;

  constructor(plane: Plane, size: Size) {
    this.#plane = plane;
    this.#size = size;
    this.#columns = new Int32Array(size.width);
    this.#shares = new Float32Array(size.width);
    for (let column = 0; column < size.width; column += 1) {
      const place = placeIn(column, plane.width, size.width);
      this.#columns[column] = Math.floor(place);
      this.#shares[column] = place - Math.floor(place);
    }
    this.#between = new Float32Array(plane.width + 1);
    this.#row = new Float32Array(size.width);
  }

  /** One row; the next call overwrites it. */
  row(row: number): Float32Array {
    const { values, width, height } = this.#plane;
    const place = placeIn(row, height, this.#size.height);
    const above = Math.floor(place) * width;
    const below = Math.min(Math.floor(place) + 1, height - 1) * width;
    const share = place - Math.floor(place);
    const between = this.#between;
    for (let column = 0; column < width; column += 1) {
      const value = values[above + column]!;
      between[column] = value + share * (values[below + column]! - value);
    }
    between[width] = between[width - 1]!;
    const columns = this.#columns;
    const shares = this.#shares;
    const stretched = this.#row;
    for (let column = 0; column < stretched.length; column += 1) {
      const left = columns[column]!;
      const value = between[left]!;
      stretched[column] = value + shares[column]! * (between[left + 1]! - value);
    }
    return stretched;
  }
}

/** Where the middle of a pixel of the longer or shorter line lies among the `length` of the plane. */
const placeIn = (pixel: number, length: number, stretched: number): number =>
  Math.min(Math.max(((pixel + 0.5) * length) / stretched - 0.5, 0), length - 1);
