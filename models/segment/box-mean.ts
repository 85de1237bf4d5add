import type { Plane } from './plane.ts';

/** How far a window reaches from its middle, in pixels; it is `2 * x + 1` wide. */
export interface Reach {
  readonly x: number;
  readonly y: number;
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
