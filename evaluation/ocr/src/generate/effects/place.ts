import type { Picture } from '../drawing/picture.ts';
import { homography, project, type Quad } from './homography.ts';

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
