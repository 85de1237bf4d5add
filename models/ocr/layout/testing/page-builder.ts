import { mapCorners, type Point, rotated } from '../../geometry/quad.ts';
import type { PlacedText } from '../outlines.ts';

export interface Setting {
  /** Height of a line's box in pixels. */
  readonly height?: number;
  /** Mean width of a character in heights; ideographs have 1. */
  readonly characterWidth?: number;
  /** From line to line in heights. */
  readonly distance?: number;
}

/** One line with its top left corner at a place. */
export function line(text: string, left: number, top: number, setting: Setting = {}): PlacedText {
  const { height = 20, characterWidth = 0.5 } = setting;
  return box(text, left, top, Math.max(1, text.length) * characterWidth * height, height);
}

/** Lines one below the other, at one left edge. */
export const column = (texts: readonly string[], left: number, top: number, setting: Setting = {}): PlacedText[] =>
  texts.map((text, index) =>
    line(text, left, top + index * (setting.distance ?? 1.3) * (setting.height ?? 20), setting),
  );

/** Columns of stacked characters, from right to left. */
export const verticalColumns = (texts: readonly string[], right: number, top: number, height = 20): PlacedText[] =>
  texts.map((text, index) => ({
    ...box(text, right - (1.5 * index + 1) * height, top, height, text.length * height),
    vertical: true,
  }));

export const box = (text: string, left: number, top: number, width: number, height: number): PlacedText => ({
  text,
  polygon: [
    { x: left, y: top },
    { x: left + width, y: top },
    { x: left + width, y: top + height },
    { x: left, y: top + height },
  ],
});

/** The page turned clockwise about its top left corner. */
export const turnedPage = (page: readonly PlacedText[], degrees: number): PlacedText[] =>
  page.map((placed) => ({ ...placed, polygon: rotated(placed.polygon, degrees) }));

export const mappedPage = (page: readonly PlacedText[], change: (corner: Point) => Point): PlacedText[] =>
  page.map((placed) => ({ ...placed, polygon: mapCorners(placed.polygon, change) }));

/** Breaks text into lines of at most so many characters. */
export function wrapped(text: string, characters: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1) ?? ''} ${word}`.trim();
    if (lines.length > 0 && longer.length <= characters) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** In an order that has nothing to do with reading, the same each time. */
export const mixed = <Item>(items: readonly Item[]): Item[] =>
  items
    .map((item, index) => ({ item, key: (index * 7919 + 13) % 1009 }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ item }) => item);

/** Each line's box off by up to so many pixels, as a detector's are; the same each time. */
export const noisyPage = (page: readonly PlacedText[], pixels: number): PlacedText[] =>
  page.map((placed, index) => {
    const noise = (step: number): number => (((index * step * 2654435761) % 2003) / 1001.5 - 1) * pixels;
    const [left, right, top, bottom] = [noise(1), noise(2), noise(3), noise(5)];
    const [a, b, c, d] = placed.polygon;
    return {
      ...placed,
      polygon: [
        { x: a.x + left, y: a.y + top },
        { x: b.x + right, y: b.y + top },
        { x: c.x + right, y: c.y + bottom },
        { x: d.x + left, y: d.y + bottom },
      ],
    };
  });

/** Herman Melville, Moby-Dick (1851), in the public domain. */
export const prose = {
  ishmael:
    'Call me Ishmael. Some years ago, never mind how long precisely, having little or no money in my purse, and ' +
    'nothing particular to interest me on shore, I thought I would sail about a little and see the watery part of the ' +
    'world. It is a way I have of driving off the spleen and regulating the circulation.',
  november:
    'Whenever I find myself growing grim about the mouth; whenever it is a damp, drizzly November in my soul; whenever ' +
    'I find myself involuntarily pausing before coffin warehouses, and bringing up the rear of every funeral I meet, ' +
    'then I account it high time to get to sea as soon as I can.',
  cato:
    'This is my substitute for pistol and ball. With a philosophical flourish Cato throws himself upon his sword; I ' +
    'quietly take to the ship. There is nothing surprising in this. If they but knew it, almost all men in their ' +
    'degree, some time or other, cherish very nearly the same feelings towards the ocean with me.',
} as const;
