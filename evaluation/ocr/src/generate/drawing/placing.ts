import type { Picture } from './picture.ts';

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

/** Lays a picture over another one so that its corners come to lie on the quadrilateral. */
export function place(picture: Picture, quad: Quad, ground: Picture): Picture {
  const { width, height } = picture;
  const corners: Quad = [
    [0, 0],
    [width, 0],
    [width, height],
    [0, height],
  ];
  const inverse = homography(quad, corners);
  const data = Uint8Array.from(ground.data);
  for (let row = 0; row < ground.height; row += 1) {
    for (let column = 0; column < ground.width; column += 1) {
      const [x, y] = project(inverse, column + 0.5, row + 0.5);
      if (x < 0 || y < 0 || x > width || y > height) continue;
      const target = (row * ground.width + column) * 3;
      for (let channel = 0; channel < 3; channel += 1) data[target + channel] = sample(picture, x, y, channel);
    }
  }
  return { width: ground.width, height: ground.height, data };
}

/** The value between the four pixels around a point; pixels have their centres at halves. */
function sample({ width, height, data }: Picture, x: number, y: number, channel: number): number {
  const left = Math.min(Math.max(x - 0.5, 0), width - 1);
  const top = Math.min(Math.max(y - 0.5, 0), height - 1);
  const [column, row] = [Math.floor(left), Math.floor(top)];
  const [nextColumn, nextRow] = [Math.min(column + 1, width - 1), Math.min(row + 1, height - 1)];
  const at = (rowAt: number, columnAt: number): number => data[(rowAt * width + columnAt) * 3 + channel]!;
  const [across, down] = [left - column, top - row];
  const upper = at(row, column) * (1 - across) + at(row, nextColumn) * across;
  const lower = at(nextRow, column) * (1 - across) + at(nextRow, nextColumn) * across;
  return Math.round(upper * (1 - down) + lower * down);
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The smallest size that holds something turned by so many degrees. */
export function turnedSize({ width, height }: Size, degrees: number): Size {
  const [across, up] = [Math.abs(Math.cos(radians(degrees))), Math.abs(Math.sin(radians(degrees)))];
  return { width: Math.ceil(width * across + height * up), height: Math.ceil(width * up + height * across) };
}

/** Where the corners of something come to lie when it is turned clockwise in the middle of a ground. */
export function turnedQuad({ width, height }: Size, degrees: number, ground: Size): Quad {
  const [cosine, sine] = [Math.cos(radians(degrees)), Math.sin(radians(degrees))];
  const corner = (x: number, y: number): readonly [number, number] => [
    ground.width / 2 + x * cosine - y * sine,
    ground.height / 2 + x * sine + y * cosine,
  ];
  const [right, bottom] = [width / 2, height / 2];
  return [corner(-right, -bottom), corner(right, -bottom), corner(right, bottom), corner(-right, bottom)];
}

const radians = (degrees: number): number => (degrees * Math.PI) / 180;
