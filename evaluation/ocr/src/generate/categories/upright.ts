import { invoice, page, table } from '../documents/papers.ts';
import { blur, contrast, lamp, noise, shadow, smear, specks } from '../drawing/effects.ts';
import { families } from '../drawing/fonts.ts';
import { ofSheet, type Sample } from '../sample.ts';
import { chinese, letters, notices } from '../texts/letters.ts';
import { tables } from '../texts/tables.ts';

/** Clean documents as a scanner gives them, 14 to 48 pixels tall. */
export const upright: readonly Sample[] = [
  ofSheet('letter', page(letters.garden, { family: families.serif, size: 24 })),
  ofSheet('opening-hours', page(letters.library, { family: families.roboto, size: 18 }, { title: true })),
  ofSheet('recipe', page(letters.bread, { family: families.lora, size: 28 }, { title: true })),
  ofSheet('minutes', page(letters.minutes, { family: families.typewriter, size: 22 })),
  ofSheet('small-print', page(letters.lease, { family: families.sans, size: 14 }, { margin: 40 })),
  ofSheet('weather', page(letters.weather, { family: families.mono, size: 20 }, { leading: 1.3 })),
  ofSheet('survey', page(letters.survey, { family: families.condensed, size: 26, color: '#1d3557' }), 88),
  ofSheet('invoice', invoice({ family: families.sans, size: 20 })),
  ofSheet('poster', page(notices.concert, { family: families.narrow, size: 48 }, { background: '#fdf3d8' }), 88),
  ofSheet('numbers', page(notices.numbers, { family: families.roboto, size: 34 }, { leading: 1.7 })),
  ofSheet('chinese', page(chinese.library, { family: families.chinese, size: 36 }, { leading: 1.7 })),
];

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
