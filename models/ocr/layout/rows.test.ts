import { expect, test } from 'vitest';
import { layOut } from './reading-order.ts';
import { box, column, line, mixed } from './testing/page-builder.ts';

const read = (page: Parameters<typeof layOut>[0], angle = 0): string => layOut(mixed(page), angle).text;

test('reads lines from top to bottom', () => {
  const texts = ['The first line of the page', 'goes before the second', 'and that before the third'];
  expect(read(column(texts, 100, 50))).toBe(texts.join('\n'));
});

test('joins the fragments of a row by a space', () => {
  const page = [
    line('Grand', 0, 0, { height: 60 }),
    line('opening', 175, 3, { height: 60 }),
    line('sale', 410, -3, { height: 60 }),
  ];
  expect(read(page)).toBe('Grand opening sale');
});

test('puts one space where a gap of a row is wide', () => {
  expect(read([line('Milk', 0, 0), line('2.50', 400, 0), line('Bread', 0, 30), line('3.10', 400, 30)])).toBe(
    'Milk 2.50\nBread 3.10',
  );
});

test('puts no space between Chinese or Japanese characters of a row', () => {
  const cjk = { characterWidth: 1 };
  expect(read([line('今日は', 0, 0, cjk), line('良い天気', 66, 1, cjk)])).toBe('今日は良い天気');
  expect(read([line('发', 0, 0, cjk), line('票', 50, 1, cjk)])).toBe('发票');
});

test('puts a space between Chinese and Latin, between Korean words, and between Chinese cells of a row', () => {
  const cjk = { characterWidth: 1 };
  expect(read([line('型号', 0, 0, cjk), line('X200', 50, 1)])).toBe('型号 X200');
  expect(read([line('안녕', 0, 0, cjk), line('세계', 50, 1, cjk)])).toBe('안녕 세계');
  expect(read([line('品名', 0, 0, cjk), line('数量', 200, 1, cjk)])).toBe('品名 数量');
});

test('keeps fragments in a row that are not quite level', () => {
  expect(read([line('one', 0, 4), line('two', 100, 0), line('three', 200, 7)])).toBe('one two three');
});

test('reads big and small type on one baseline as one row', () => {
  expect(read([line('TOTAL', 0, 0, { height: 32 }), line('12.50', 300, 9, { height: 22 })])).toBe('TOTAL 12.50');
});

test('does not count a caption as part of the row of a tall box beside it', () => {
  const page = [box('9.99', 0, 0, 90, 60), box('only', 100, 0, 30, 10), box('each', 100, 48, 30, 10)];
  expect(layOut(page, 0).lines.map(({ text }) => text)).toEqual(['only', '9.99', 'each']);
});

test('keeps solid lines apart whose boxes overlap', () => {
  expect(
    read(column(['Lines that are set solid', 'overlap by a quarter', 'of their height'], 0, 0, { distance: 0.75 })),
  ).toBe('Lines that are set solid\noverlap by a quarter\nof their height');
});

test('reads an empty page as nothing, and one line as itself', () => {
  expect(layOut([], 12)).toEqual({ lines: [], text: '' });
  const only = line('only', 30, 40);
  expect(layOut([only], 0)).toEqual({ lines: [only], text: 'only' });
});

test('keeps lines without text, which add nothing to the text of the page', () => {
  const page = [line('above', 0, 0), line('', 0, 30), line('below', 0, 60)];
  expect(layOut(page, 0).lines).toEqual(page);
  expect(layOut(page, 0).text).toBe('above\nbelow');
});
