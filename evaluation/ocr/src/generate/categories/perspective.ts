import { page } from '../documents/page.ts';
import { sign } from '../documents/sign.ts';
import { families } from '../drawing/fonts.ts';
import { draw, type Picture } from '../drawing/picture.ts';
import type { Sheet } from '../drawing/sheet.ts';
import { flat } from '../effects/flat.ts';
import type { Corner, Quad } from '../effects/homography.ts';
import { lamp, noise } from '../effects/pixel-effects.ts';
import { place } from '../effects/place.ts';
import type { Sample } from '../sample.ts';
import { letters } from '../texts/letters.ts';
import { notices } from '../texts/notices.ts';

const white = { ground: '#f4f4f0', ink: '#1c1c1c' };
const blue = { ground: '#174f8a', ink: '#ffffff' };
const green = { ground: '#0c6b3c', ink: '#ffffff' };
const yellow = { ground: '#f2c417', ink: '#161616' };

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
