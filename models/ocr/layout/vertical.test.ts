import { describe, expect, test } from 'vitest';
import { layOut } from './lay-out.ts';
import type { PlacedText } from './outline.ts';
import { column, line, mixed, turnedPage, verticalColumns, wrapped } from './testing/page-builder.ts';
import { prose } from './testing/prose.ts';

const read = (page: readonly PlacedText[], angle = 0): string => layOut(mixed(page), angle).text;

const poem = [
  '国境の長いトンネルを抜けると雪国',
  'であった夜の底が白くなった信号所',
  'に汽車が止まった向側の座席から娘',
  'が立って来て島村の前の硝子窓を落',
];
const next = [
  '吾輩は猫である名前はまだ無いどこ',
  'で生れたかとんと見当がつかぬ何で',
  'も薄暗いじめじめした所でニャーニ',
  'ャー泣いていた事だけは記憶してい',
];

describe('vertical text', () => {
  test('is read column by column from the right', () => {
    expect(read(verticalColumns(poem, 500, 0))).toBe(poem.join('\n'));
  });

  test('joins the fragments of a column without a space', () => {
    const [top, bottom] = [verticalColumns(['国境の長い'], 500, 0), verticalColumns(['トンネルを抜けると'], 500, 105)];
    expect(read([...top, ...bottom, ...verticalColumns(['雪国であった'], 470, 0)])).toBe(
      '国境の長いトンネルを抜けると\n雪国であった',
    );
  });

  test('in two tiers is read tier by tier', () => {
    const page = [...verticalColumns(poem, 500, 0), ...verticalColumns(next, 500, 360)];
    expect(read(page)).toBe(`${poem.join('\n')}\n\n${next.join('\n')}`);
  });

  test('parts paragraphs where columns are further apart', () => {
    const page = [...verticalColumns(poem, 500, 0), ...verticalColumns(next, 350, 0)];
    expect(read(page)).toBe(`${poem.join('\n')}\n\n${next.join('\n')}`);
  });

  test('is read the same on a skewed page', () => {
    expect(read(turnedPage(verticalColumns(poem, 500, 0), 8), -8)).toBe(poem.join('\n'));
    expect(read(turnedPage(verticalColumns(poem, 500, 0), 2))).toBe(poem.join('\n'));
  });

  test('comes after the level title above it', () => {
    const page = [line('雪国', 200, -60, { height: 40, characterWidth: 1 }), ...verticalColumns(poem, 300, 0)];
    expect(read(page)).toBe(`雪国\n\n${poem.join('\n')}`);
  });

  test('is a block of its own beside level text', () => {
    const text = wrapped(prose.ishmael, 40);
    const sign = ['営業中です', 'どうぞ'];
    const page = [...column(text, 0, 0), ...verticalColumns(sign, 520, 30)];
    expect(read(page)).toBe(`${text.join('\n')}\n\n${sign.join('\n')}`);
  });
});

test('reads a note that runs up the margin as a block of its own', () => {
  const text = wrapped(prose.ishmael, 40);
  const note = turnedPage([line('Printed in Nantucket', 0, 0, { height: 14 })], -90);
  const page = [...column(text, 60, -230), ...note];
  expect(read(page)).toBe(`Printed in Nantucket\n\n${text.join('\n')}`);
});
