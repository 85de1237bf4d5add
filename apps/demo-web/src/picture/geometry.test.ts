import { expect, test } from 'vitest';
import {
  cropOf,
  lineHeightOf,
  maxShownWidth,
  pathOf,
  placeCallouts,
  pointsOf,
  spread,
  turnedSize,
} from './geometry.ts';

const square = [
  { x: 1, y: 2.5 },
  { x: 3, y: 2.5 },
  { x: 3, y: 4 },
  { x: 1, y: 4 },
];

test('a polygon is written in the coordinates of the picture', () => {
  expect(pointsOf(square)).toBe('1,2.5 3,2.5 3,4 1,4');
  expect(pathOf([square, square.slice(0, 3)])).toBe('M1 2.5L3 2.5L3 4L1 4ZM1 2.5L3 2.5L3 4Z');
  expect(pathOf([])).toBe('');
});

test('a picture is shown at most twice its size, an icon at 160 pixels', () => {
  expect(maxShownWidth({ width: 500, height: 300 })).toBe(1000);
  expect(maxShownWidth({ width: 16, height: 32 })).toBe(80);
});

test('a page on its side needs as much room as its sides, swapped', () => {
  for (const degrees of [90, -90]) {
    const { width, height } = turnedSize({ width: 300, height: 200 }, degrees);
    expect(width).toBeCloseTo(200);
    expect(height).toBeCloseTo(300);
  }
  const upsideDown = turnedSize({ width: 300, height: 200 }, 180);
  expect(upsideDown.width).toBeCloseTo(300);
  expect(upsideDown.height).toBeCloseTo(200);
});

test('a page that is turned a little needs more room in both directions', () => {
  const { width, height } = turnedSize({ width: 300, height: 200 }, -10);
  expect(width).toBeCloseTo(300 * Math.cos(Math.PI / 18) + 200 * Math.sin(Math.PI / 18));
  expect(height).toBeCloseTo(200 * Math.cos(Math.PI / 18) + 300 * Math.sin(Math.PI / 18));
});

test('a crop shows its box, in percent of the square around it', () => {
  const picture = { width: 400, height: 200 };
  expect(cropOf({ x: 100, y: 50, width: 50, height: 50 }, picture)).toEqual({
    left: -200,
    top: -100,
    width: 800,
    height: 400,
  });
});

test('a crop of a box that is not square is not distorted, and may reach beyond the picture', () => {
  const crop = cropOf({ x: -10, y: 0, width: 40, height: 20 }, { width: 400, height: 200 });
  expect(crop).toEqual({ left: 25, top: 25, width: 1000, height: 500 });
});

test('positions that are far enough apart stay', () => {
  expect(spread([20, 50, 80], 16, 100)).toEqual([20, 50, 80]);
});

test('positions that are too close move apart around their middle', () => {
  expect(spread([50, 50], 16, 100)).toEqual([42, 58]);
});

test.each([
  ['top', [0, 1, 2]],
  ['bottom', [98, 99, 100]],
])('positions at the %s stay inside', (_, positions) => {
  const moved = spread(positions, 16, 100);
  expect(moved[0]).toBeGreaterThanOrEqual(8);
  expect(moved[2]).toBeLessThanOrEqual(92);
  expect(moved[1]! - moved[0]!).toBeGreaterThanOrEqual(16);
  expect(moved[2]! - moved[1]!).toBeGreaterThanOrEqual(16);
});

const face = { x: 100, y: 100, width: 100, height: 100 };
const landmarks = [
  { name: 'right eye', x: 130, y: 130 },
  { name: 'left eye', x: 170, y: 130 },
  { name: 'nose', x: 149, y: 150 },
  { name: 'mouth', x: 151, y: 170 },
  { name: 'right ear', x: 105, y: 135 },
  { name: 'left ear', x: 195, y: 135 },
];
const style = { gap: 10, lineHeight: 16, width: 60, margin: 0 };

test('each name is on the side of its point, in the order of their heights', () => {
  const callouts = placeCallouts(landmarks, face, { width: 300, height: 300 }, style);
  const names = (side: string): string[] => callouts.filter((one) => one.side === side).map(({ name }) => name);
  expect(names('left')).toEqual(['right eye', 'right ear', 'nose']);
  expect(names('right')).toEqual(['left eye', 'left ear', 'mouth']);
  expect(new Set(callouts.map(({ at }) => at.x))).toEqual(new Set([90, 210]));
});

test('a name keeps the point that it names', () => {
  const callouts = placeCallouts(landmarks, face, { width: 300, height: 300 }, style);
  expect(callouts.find(({ name }) => name === 'nose')?.point).toEqual({ x: 149, y: 150 });
});

test('names stay inside a picture whose edge the face touches', () => {
  const callouts = placeCallouts(landmarks, { ...face, x: 20 }, { width: 230, height: 300 }, style);
  expect(callouts.every(({ at, side }) => (side === 'left' ? at.x >= 60 : at.x <= 170))).toBe(true);
});

test('names use the room beside a small picture', () => {
  const callouts = placeCallouts(landmarks, { ...face, x: 20 }, { width: 130, height: 300 }, { ...style, margin: 100 });
  expect(callouts.map(({ at }) => at.x)).toEqual([10, 10, 10, 130, 130, 130]);
});

test('a line is as high as it is thick, whichever way it runs', () => {
  const sideways = [square[1]!, square[2]!, square[3]!, square[0]!];
  expect(lineHeightOf([square])).toBe(1.5);
  expect(lineHeightOf([square, sideways])).toBe(1.75);
  expect(lineHeightOf([])).toBe(0);
});
