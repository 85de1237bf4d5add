import { page } from '../documents/page.ts';
import { table } from '../documents/table.ts';
import { draw, type Picture } from '../drawing/picture.ts';
import type { Sheet } from '../drawing/sheet.ts';
import { families } from '../drawing/fonts.ts';
import { flat } from '../effects/flat.ts';
import { place } from '../effects/place.ts';
import { turnedQuad, turnedSize } from '../effects/turned-quad.ts';
import type { Sample } from '../sample.ts';
import { chinese } from '../texts/chinese.ts';
import { letters } from '../texts/letters.ts';
import { notices } from '../texts/notices.ts';
import { tables } from '../texts/tables.ts';

/** Drawn at twice the size, so that turning costs no sharpness that a camera would keep. */
const scale = 2;

/** Documents turned clockwise by an angle within 30 degrees; the name says by how much. */
export const skew: readonly Sample[] = [
  turned('plus-03', 3, page(letters.manual, { family: families.roboto, size: 22 }, { title: true })),
  turned('minus-05', -5, page(letters.museum, { family: families.serif, size: 22 }, { title: true })),
  turned('plus-08', 8, page(letters.minutes, { family: families.sans, size: 20 })),
  turned('minus-12', -12, page(letters.bridge, { family: families.lora, size: 26 }), '#d9d4c7'),
  turned('plus-15', 15, page(letters.garden, { family: families.condensed, size: 24 }), '#8f8b85'),
  turned('minus-18', -18, table(tables['rainfall']!, { family: families.sans, size: 22 })),
  turned('plus-21', 21, page(notices.trail, { family: families.roboto, size: 40 }), '#7d8a78'),
  turned('minus-25', -25, page(letters.journey, { family: families.typewriter, size: 24 })),
  turned('plus-30', 30, page(letters.bees, { family: families.serif, size: 24 })),
  turned('minus-30', -30, page(chinese.weather, { family: families.chinese, size: 40 }, { leading: 1.8 })),
];

function turned(name: string, degrees: number, sheet: Sheet, around = sheet.background): Sample {
  const size = turnedSize(sheet, degrees);
  const picture = async (): Promise<Picture> =>
    place(await draw(sheet, scale), turnedQuad(sheet, degrees, size), flat(size, around));
  return { name, lines: sheet.lines, encoding: 85, picture };
}
