export type Corner = readonly [x: number, y: number];
/** Top left, top right, bottom right, bottom left. */
export type Quad = readonly [Corner, Corner, Corner, Corner];
/** A projection of the plane: nine numbers, row after row, the last of them 1. */
export type Homography = readonly number[];

/** The projection that takes each corner of one quadrilateral to the same corner of another. */
export function homography(from: Quad, to: Quad): Homography {
  const rows = from.flatMap(([x, y], corner) => {
    const [u, v] = to[corner]!;
    return [
      [x, y, 1, 0, 0, 0, -u * x, -u * y, u],
      [0, 0, 0, x, y, 1, -v * x, -v * y, v],
    ];
  });
  return [...solve(rows), 1];
}

export function project(matrix: Homography, x: number, y: number): Corner {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 1] = matrix;
  const depth = g * x + h * y + i;
  return [(a * x + b * y + c) / depth, (d * x + e * y + f) / depth];
}

/** Solves linear equations by elimination, each a row of coefficients with the right side last. */
function solve(rows: number[][]): number[] {
  for (let column = 0; column < rows.length; column += 1) {
    const rest = rows.slice(column).map((row) => Math.abs(row[column]!));
    const pivot = column + rest.indexOf(Math.max(...rest));
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    const leading = rows[column]!;
    for (const row of rows) {
      if (row === leading) continue;
      const factor = row[column]! / leading[column]!;
      for (const [index, value] of leading.entries()) row[index]! -= factor * value;
    }
  }
  return rows.map((row, index) => row.at(-1)! / row[index]!);
}
