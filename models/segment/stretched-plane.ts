import type { Size } from '@portico/media';
import type { Plane } from './plane.ts';

/** A plane stretched to another size, bilinear between the middles of pixels, made row by row: it may be large. */
export class StretchedPlane {
  readonly #plane: Plane;
  readonly #size: Size;
  /** For each column the one of the plane to its left, and how far it lies beyond it. */
  readonly #columns: Int32Array;
  readonly #shares: Float32Array;
  /** A row between two of the plane; its last value stands there twice, so that there always is one to the right. */
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

/** The whole stretched plane. */
export function stretch(plane: Plane, size: Size): Plane {
  const rows = new StretchedPlane(plane, size);
  const values = new Float32Array(size.width * size.height);
  for (let row = 0; row < size.height; row += 1) values.set(rows.row(row), row * size.width);
  return { values, ...size };
}
