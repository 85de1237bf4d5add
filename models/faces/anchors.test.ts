import { expect, test } from 'vitest';
import { coarseAnchors, fineAnchors, gridAnchors } from './anchors.ts';

test('a grid is read row by row, and the anchors of a cell lie in its middle', () => {
  expect(gridAnchors({ cells: 2, anchorsPerCell: 2 })).toEqual([
    { x: 0.25, y: 0.25 },
    { x: 0.25, y: 0.25 },
    { x: 0.75, y: 0.25 },
    { x: 0.75, y: 0.25 },
    { x: 0.25, y: 0.75 },
    { x: 0.25, y: 0.75 },
    { x: 0.75, y: 0.75 },
    { x: 0.75, y: 0.75 },
  ]);
});

test('there are as many anchors as the network has outputs', () => {
  expect([fineAnchors.length, coarseAnchors.length]).toEqual([512, 384]);
  expect(fineAnchors[0]).toEqual({ x: 1 / 32, y: 1 / 32 });
  expect(coarseAnchors.at(-1)).toEqual({ x: 15 / 16, y: 15 / 16 });
});
