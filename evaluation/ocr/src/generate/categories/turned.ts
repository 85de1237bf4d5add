import { page, sign, table } from '../documents/papers.ts';
import { lamp, noise } from '../drawing/effects.ts';
import { families } from '../drawing/fonts.ts';
import { draw, flat, open, type Picture, pixels } from '../drawing/picture.ts';
import { type Corner, place, type Quad, turnedQuad, turnedSize } from '../drawing/placing.ts';
import type { Sheet } from '../drawing/sheet.ts';
import { ofSheet, type Sample } from '../sample.ts';
import { chinese, letters, notices } from '../texts/letters.ts';
import { tables } from '../texts/tables.ts';

const white = { ground: '#f4f4f0', ink: '#1c1c1c' };
const blue = { ground: '#174f8a', ink: '#ffffff' };
const green = { ground: '#0c6b3c', ink: '#ffffff' };
const yellow = { ground: '#f2c417', ink: '#161616' };

/** Drawn at twice the size, so that turning costs no sharpness that a camera would keep. */
const scale = 2;

/** Documents turned clockwise by an angle within 30 degrees; the name says by how much. */
export const skew: readonly Sample[] = [
  skewed('plus-03', 3, page(letters.manual, { family: families.roboto, size: 22 }, { title: true })),
  skewed('minus-05', -5, page(letters.museum, { family: families.serif, size: 22 }, { title: true })),
  skewed('plus-08', 8, page(letters.minutes, { family: families.sans, size: 20 })),
  skewed('minus-12', -12, page(letters.bridge, { family: families.lora, size: 26 }), '#d9d4c7'),
  skewed('plus-15', 15, page(letters.garden, { family: families.condensed, size: 24 }), '#8f8b85'),
  skewed('minus-18', -18, table(tables['rainfall']!, { family: families.sans, size: 22 })),
  skewed('plus-21', 21, page(notices.trail, { family: families.roboto, size: 40 }), '#7d8a78'),
  skewed('minus-25', -25, page(letters.journey, { family: families.typewriter, size: 24 })),
  skewed('plus-30', 30, page(letters.bees, { family: families.serif, size: 24 })),
  skewed('minus-30', -30, page(chinese.weather, { family: families.chinese, size: 40 }, { leading: 1.8 })),
];

function skewed(name: string, degrees: number, sheet: Sheet, around = sheet.background): Sample {
  const size = turnedSize(sheet, degrees);
  const picture = async (): Promise<Picture> =>
    place(await draw(sheet, scale), turnedQuad(sheet, degrees, size), flat(size, around));
  return { name, lines: sheet.lines, encoding: 85, picture };
}

/** Whole images on their side or upside down; the name says how far they are turned clockwise. */
export const turned: readonly Sample[] = [
  turn('090-manual', 90, page(letters.manual, { family: families.sans, size: 22 })),
  turn('090-table', 90, table(tables['prices']!, { family: families.roboto, size: 22 })),
  turn('090-chinese', 90, page(chinese.station, { family: families.chinese, size: 40 }, { leading: 1.8 })),
  turn('180-bees', 180, page(letters.bees, { family: families.roboto, size: 26 })),
  turn('180-museum', 180, page(letters.museum, { family: families.lora, size: 24 }, { title: true })),
  turn('180-minutes', 180, page(letters.minutes, { family: families.typewriter, size: 24 })),
  turn('270-lease', 270, page(letters.lease, { family: families.serif, size: 22 })),
  turn('270-journey', 270, page(letters.journey, { family: families.condensed, size: 26 })),
  turn('270-sign', 270, sign(notices.pool, { family: families.sans, size: 44 }, { ground: '#0d5c9e', ink: '#ffffff' })),
];

function turn(name: string, degrees: number, sheet: Sheet): Sample {
  const rotate = (picture: Picture): Promise<Picture> => pixels(open(picture).rotate(degrees));
  return ofSheet(name, sheet, 85, [rotate]);
}

/** Signs and pages as a camera sees them from the side. */
export const perspective: readonly Sample[] = [
  seen('sign-from-left', sign(notices.platform, { family: families.sans, size: 40 }, blue), [
    [0.1, 0.08],
    [0.93, 0.24],
    [0.93, 0.8],
    [0.1, 0.94],
  ]),
  seen('sign-from-right', sign(notices.exit, { family: families.roboto, size: 52 }, green), [
    [0.08, 0.28],
    [0.94, 0.07],
    [0.94, 0.93],
    [0.08, 0.76],
  ]),
  seen('sign-from-below', sign(notices.parking, { family: families.condensed, size: 42 }, white), [
    [0.2, 0.1],
    [0.82, 0.08],
    [0.94, 0.92],
    [0.05, 0.9],
  ]),
  seen('sign-warning', sign(notices.lift, { family: families.roboto, size: 40 }, yellow), [
    [0.06, 0.16],
    [0.88, 0.06],
    [0.95, 0.84],
    [0.12, 0.95],
  ]),
  seen('sign-market', sign(notices.market, { family: families.lora, size: 38 }, white), [
    [0.12, 0.05],
    [0.94, 0.16],
    [0.86, 0.93],
    [0.05, 0.86],
  ]),
  seen('page-on-table', page(letters.museum, { family: families.serif, size: 26 }, { title: true }), [
    [0.17, 0.08],
    [0.85, 0.1],
    [0.95, 0.92],
    [0.04, 0.88],
  ]),
  seen('page-turned', page(letters.weather, { family: families.sans, size: 25 }), [
    [0.14, 0.04],
    [0.96, 0.17],
    [0.88, 0.95],
    [0.04, 0.78],
  ]),
  seen('page-from-right', page(letters.survey, { family: families.roboto, size: 28 }), [
    [0.05, 0.2],
    [0.95, 0.05],
    [0.93, 0.95],
    [0.07, 0.84],
  ]),
];

/** Corners are shares of the width and height of a photograph somewhat larger than the sheet. */
function seen(name: string, sheet: Sheet, shares: Quad): Sample {
  const width = Math.round(sheet.width * 1.15);
  const height = Math.round(sheet.height * 1.25);
  const corner = ([x, y]: Corner): Corner => [x * width, y * height];
  const [topLeft, topRight, bottomRight, bottomLeft] = shares;
  const quad: Quad = [corner(topLeft), corner(topRight), corner(bottomRight), corner(bottomLeft)];
  const picture = async (): Promise<Picture> => {
    const photograph = place(await draw(sheet, 2), quad, flat({ width, height }, '#8b7d6b'));
    return noise(2, 11)(lamp(0.3, 0.2, 0.75)(photograph));
  };
  return { name, lines: sheet.lines, encoding: 85, picture };
}
