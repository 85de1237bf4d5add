import { expect, test } from 'vitest';
import { families } from './fonts.ts';
import { Sheet } from './sheet.ts';

const style = { family: families.sans, size: 20 };

test('writes down what it draws, one line for a row of cells', () => {
  const sheet = new Sheet(200, 100);
  sheet.line(
    20,
    [
      { text: 'Total', x: 10 },
      { text: '12.50', x: 190, align: 'right' },
    ],
    style,
  );
  sheet.paragraph(10, 50, ['one', 'two'], style);
  expect(sheet.lines).toEqual(['Total 12.50', 'one', 'two']);
});

test('draws characters that mean something in XML', () => {
  const sheet = new Sheet(200, 100).line(20, [{ text: 'a < b & c', x: 10 }], style);
  expect(sheet.lines).toEqual(['a < b & c']);
  expect(sheet.svg()).toContain('>a &lt; b &amp; c</text>');
});

test('grows with the scale', () => {
  expect(new Sheet(200, 100).svg(2)).toContain('width="400" height="200" viewBox="0 0 200 100"');
});
