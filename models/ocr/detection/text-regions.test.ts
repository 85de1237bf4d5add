import { describe, expect, test } from 'vitest';
import { smallestQuad } from '../geometry/bounding-quad.ts';
import { directionOf, distance, facing, heightOf, type Point, turned, widthOf } from '../geometry/quad.ts';
import { box, isInside, leaning, rounded } from '../testing/boxes.ts';
import { probabilityMap } from '../testing/images.ts';
import { itemAt, only } from '../testing/items.ts';
import { boxScore, regionBox, textRegions, unclip } from './text-regions.ts';

const same = (point: Point): Point => point;
const bar = box(10, 20, 40, 10);
const withBar = (probability: number, shape = bar) =>
  probabilityMap(100, 80, (x, y) => (isInside(shape, { x, y }) ? probability : 0.05));

describe('textRegions', () => {
  test('outlines a bar to the edges of its pixels', () => {
    const region = only(textRegions(withBar(0.9), same));
    expect(rounded(facing(smallestQuad(region), 0), 2)).toEqual(rounded(bar));
  });

  test('places its points in the image', () => {
    const region = only(textRegions(withBar(0.9), ({ x, y }) => ({ x: 2 * x, y: 100 + 3 * y })));
    expect(rounded(facing(smallestQuad(region), 0), 2)).toEqual(rounded(box(20, 160, 80, 30)));
  });

  test.each([20, 45, -30])('outlines a bar that leans by %i degrees', (degrees) => {
    const leans = leaning(box(20, 35, 60, 10), degrees, { x: 50, y: 40 });
    const region = only(textRegions(withBar(0.9, leans), same));
    for (const [index, { x, y }] of facing(smallestQuad(region), degrees).entries()) {
      expect(distance(itemAt(leans, index), { x, y })).toBeLessThan(2);
    }
  });

  test('separates bars that do not touch', () => {
    const other = box(10, 40, 30, 8);
    const map = probabilityMap(100, 80, (x, y) => (isInside(bar, { x, y }) || isInside(other, { x, y }) ? 0.9 : 0));
    expect(textRegions(map, same)).toHaveLength(2);
  });

  test('leaves out what is less likely text than not', () => {
    expect(textRegions(withBar(0.45), same)).toEqual([]);
    expect(textRegions(withBar(0.55), same)).toHaveLength(1);
  });

  test('ends a region where the probability falls to 0.3', () => {
    const fading = probabilityMap(100, 80, (x, y) => (isInside(bar, { x, y }) ? 0.95 : x < 80 && y < 40 ? 0.29 : 0));
    const region = only(textRegions(fading, same));
    expect(rounded(facing(smallestQuad(region), 0), 2)).toEqual(rounded(bar));
  });

  test('leaves out what is too thin to be text', () => {
    expect(textRegions(withBar(0.9, box(10, 20, 40, 3)), same)).toEqual([]);
    expect(textRegions(withBar(0.9, box(10, 20, 40, 4)), same)).toHaveLength(1);
  });

  test('does not take the hole in a region for another', () => {
    const [frame, hole] = [box(10, 10, 60, 40), box(20, 20, 40, 20)];
    const map = probabilityMap(100, 80, (x, y) => (isInside(frame, { x, y }) && !isInside(hole, { x, y }) ? 0.95 : 0));
    const regions = textRegions(map, same);
    expect(regions.map((region) => rounded(facing(smallestQuad(region), 0), 2))).toEqual([rounded(frame)]);
  });

  test('finds nothing in an empty map', () => {
    expect(textRegions(withBar(0), same)).toEqual([]);
  });

  test('keeps three thousand from the top', () => {
    const speckled = probabilityMap(480, 480, (x, y) => (x % 8 < 5 && y % 8 < 5 ? 0.9 : 0));
    const regions = textRegions(speckled, same);
    expect(regions).toHaveLength(3000);
    expect(Math.min(...regions.flat().map(({ y }) => y))).toBe(0);
  });

  test('counts only what is text', () => {
    const specks = probabilityMap(480, 480, (x, y) => (x % 4 < 1 && y % 4 < 1 && y > 100 ? 0.9 : 0));
    const bar = box(20, 20, 100, 20);
    const map = probabilityMap(480, 480, (x, y) =>
      isInside(bar, { x, y }) ? 0.95 : (specks.data[Math.floor(y) * 480 + Math.floor(x)] ?? 0),
    );
    expect(textRegions(map, same)).toHaveLength(1);
  });
});

describe('boxScore', () => {
  test('is the mean probability of the pixels in the box', () => {
    const map = probabilityMap(60, 40, (x) => (x < 30 ? 0.9 : 0.3));
    expect(boxScore(map, box(10, 10, 10, 10))).toBeCloseTo(0.9);
    expect(boxScore(map, box(20, 10, 19, 10))).toBeCloseTo(0.6);
  });

  test('counts no pixel beside a box that leans', () => {
    const bar = leaning(box(20, 20, 70, 10), 40, { x: 20, y: 20 });
    const map = probabilityMap(100, 100, (x, y) => (isInside(bar, { x, y }, 1) ? 0.8 : 0));
    expect(boxScore(map, bar)).toBeCloseTo(0.8);
  });

  test('does not depend on the corner at which the box begins', () => {
    const map = probabilityMap(50, 50, (x, y) => (x + y) / 100);
    const [first, second, third, fourth] = leaning(box(25, 10, 20, 8), 30, { x: 25, y: 10 });
    const score = boxScore(map, [first, second, third, fourth]);
    expect(boxScore(map, [third, fourth, first, second])).toBeCloseTo(score, 9);
  });

  test('counts only what lies on the map', () => {
    const map = probabilityMap(30, 20, () => 0.7);
    expect(boxScore(map, box(-10, -10, 60, 50))).toBeCloseTo(0.7);
  });
});

describe('regionBox', () => {
  test('is the grown box of the text, along the text', () => {
    const found = regionBox(leaning(box(100, 50, 40, 10), 25), 10);
    expect(rounded(found, 1)).toEqual(rounded(leaning(box(94, 44, 52, 22), 25), 1));
  });

  test('begins at the corner where text of that direction begins', () => {
    const text = box(100, 50, 40, 10);
    const grown = box(94, 44, 52, 22);
    for (const quarters of [0, 1, 2, 3]) {
      expect(rounded(regionBox(text, 90 * quarters - 10), 2)).toEqual(rounded(turned(grown, quarters), 2));
    }
  });

  test('lies along the page where its own shape has no direction', () => {
    const found = regionBox(leaning(box(0, 0, 19, 10), 30), 0);
    expect(directionOf(found)).toBe(0);
    expect(widthOf(found)).toBeGreaterThan(heightOf(found));
    expect(directionOf(regionBox(leaning(box(0, 0, 21, 10), 30), 0))).toBeCloseTo(30, 1);
  });
});

describe('unclip', () => {
  test('adds area × 1.5 / perimeter on every side', () => {
    // 40 × 10: area 400, perimeter 100
    expect(rounded(unclip(box(100, 50, 40, 10)))).toEqual(rounded(box(94, 44, 52, 22)));
  });

  test('adds as much to a box that leans', () => {
    expect(rounded(unclip(leaning(box(100, 50, 40, 10), 33)))).toEqual(rounded(leaning(box(94, 44, 52, 22), 33)));
  });

  test('leaves a point where it is', () => {
    expect(unclip(box(1, 2, 3, 0))).toEqual(box(1, 2, 3, 0));
  });
});
