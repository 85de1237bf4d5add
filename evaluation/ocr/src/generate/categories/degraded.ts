import { page } from '../documents/page.ts';
import { table } from '../documents/table.ts';
import { families } from '../drawing/fonts.ts';
import { blur, smear } from '../effects/blur.ts';
import { contrast, lamp, noise, shadow, specks } from '../effects/pixel-effects.ts';
import type { Sample } from '../sample.ts';
import { letters } from '../texts/letters.ts';
import { tables } from '../texts/tables.ts';
import { ofSheet } from './of-sheet.ts';

/** Upright pages that were copied, photographed or compressed badly. */
export const degraded: readonly Sample[] = [
  ofSheet('noise', page(letters.bridge, { family: families.sans, size: 24 }), 70, [noise(28, 1)]),
  ofSheet('noise-strong', page(letters.bees, { family: families.roboto, size: 30 }), 60, [noise(45, 2)]),
  ofSheet('specks', page(letters.lease, { family: families.serif, size: 24 }), 65, [specks(0.02, 3)]),
  ofSheet('blur', page(letters.journey, { family: families.condensed, size: 26 }), 85, [blur(1.8)]),
  ofSheet('smear', page(letters.manual, { family: families.roboto, size: 30 }), 85, [smear(5)]),
  ofSheet('low-contrast', page(letters.museum, { family: families.lora, size: 26 }), 85, [
    contrast(150, 205),
    noise(2, 4),
  ]),
  ofSheet('dark', page(letters.survey, { family: families.sans, size: 24 }), 85, [contrast(12, 80), noise(3, 5)]),
  ofSheet('lamp', page(letters.garden, { family: families.serif, size: 24 }), 85, [lamp(0.1, 0.1, 0.25), noise(3, 6)]),
  ofSheet('shadow', table(tables['trains']!, { family: families.roboto, size: 22 }), 85, [
    shadow(0.5, 0.6),
    noise(3, 7),
  ]),
  ofSheet('compressed', page(letters.library, { family: families.sans, size: 24 }), 12),
];
