import { columns, receipt, table } from '../documents/papers.ts';
import { chat, dialog, editor, themes } from '../documents/windows.ts';
import { noise } from '../drawing/effects.ts';
import { families } from '../drawing/fonts.ts';
import { ofSheet, type Sample } from '../sample.ts';
import { columnTexts } from '../texts/columns.ts';
import { dialogs, messages, sourceCode } from '../texts/dialogs.ts';
import { receipts } from '../texts/receipts.ts';
import { tables } from '../texts/tables.ts';

const paper = [noise(4, 21)];

export const receiptSamples: readonly Sample[] = [
  ofSheet('bakery', receipt(receipts['bakery']!, { family: families.mono, size: 22 }, 460), 85, paper),
  ofSheet('hardware', receipt(receipts['hardware']!, { family: families.typewriter, size: 24 }, 480), 85, paper),
  ofSheet('grocer', receipt(receipts['grocer']!, { family: families.mono, size: 18 }, 400), 85, paper),
  ofSheet('cafe', receipt(receipts['cafe']!, { family: families.condensed, size: 26 }, 440), 85, paper),
  ofSheet('parking', receipt(receipts['parking']!, { family: families.mono, size: 24 }, 520), 85, paper),
  ofSheet(
    'books',
    receipt(receipts['books']!, { family: families.typewriter, size: 20, color: '#4a4a55' }, 440),
    85,
    paper,
  ),
];

export const screenshots: readonly Sample[] = [
  ofSheet('display', dialog(dialogs['display']!, { family: families.roboto, size: 16 }, themes.light)),
  ofSheet('network', dialog(dialogs['network']!, { family: families.sans, size: 15 }, themes.dark)),
  ofSheet('backup', dialog(dialogs['backup']!, { family: families.roboto, size: 18 }, themes.dark, 620)),
  ofSheet('account', dialog(dialogs['account']!, { family: families.condensed, size: 17 }, themes.blue)),
  ofSheet('editor', editor('average.js', sourceCode, { family: families.mono, size: 20 }, themes.dark)),
  ofSheet('chat', chat(messages, { family: families.roboto, size: 20 }, themes.light)),
];

export const tableSamples: readonly Sample[] = [
  ofSheet('rainfall', table(tables['rainfall']!, { family: families.roboto, size: 20 })),
  ofSheet('prices', table(tables['prices']!, { family: families.serif, size: 18 })),
  ofSheet('trains', table(tables['trains']!, { family: families.sans, size: 22 })),
  ofSheet('results', table(tables['results']!, { family: families.lora, size: 24 })),
  ofSheet('stock', table(tables['stock']!, { family: families.mono, size: 18 })),
  ofSheet('budget', table(tables['budget']!, { family: families.condensed, size: 22 })),
];

export const columnSamples: readonly Sample[] = [
  ofSheet('lighthouse', columns(columnTexts['lighthouse']!, { family: families.serif, size: 20 })),
  ofSheet('paper', columns(columnTexts['paper']!, { family: families.roboto, size: 22 })),
  ofSheet('chess', columns(columnTexts['chess']!, { family: families.lora, size: 24 })),
  ofSheet('tea', columns(columnTexts['tea']!, { family: families.sans, size: 24 })),
  ofSheet('rivers', columns(columnTexts['rivers']!, { family: families.condensed, size: 20 })),
  ofSheet('directory', columns(columnTexts['directory']!, { family: families.sans, size: 18 })),
];
