import type { Quad } from './homography.ts';

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
