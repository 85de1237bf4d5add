import { invoice } from '../documents/invoice.ts';
import { page } from '../documents/page.ts';
import { families } from '../drawing/fonts.ts';
import type { Sample } from '../sample.ts';
import { chinese } from '../texts/chinese.ts';
import { letters } from '../texts/letters.ts';
import { notices } from '../texts/notices.ts';
import { ofSheet } from './of-sheet.ts';

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
