import { page } from '../documents/page.ts';
import { sign } from '../documents/sign.ts';
import { table } from '../documents/table.ts';
import { families } from '../drawing/fonts.ts';
import { open, type Picture, pixels } from '../drawing/picture.ts';
import type { Sheet } from '../drawing/sheet.ts';
import type { Sample } from '../sample.ts';
import { chinese } from '../texts/chinese.ts';
import { letters } from '../texts/letters.ts';
import { notices } from '../texts/notices.ts';
import { tables } from '../texts/tables.ts';
import { ofSheet } from './of-sheet.ts';

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
