import { describe, expect, test } from 'vitest';
import { layOut } from './reading-order.ts';
import { column, line, mixed, prose, wrapped } from './testing/page-builder.ts';

const read = (page: Parameters<typeof layOut>[0], angle = 0): string => layOut(mixed(page), angle).text;

const table = (
  rows: readonly (readonly string[])[],
  lefts: readonly number[],
  distance = 30,
): ReturnType<typeof line>[] =>
  rows.flatMap((cells, row) => cells.map((cell, index) => line(cell, lefts[index] ?? 0, row * distance)));
const rowByRow = (rows: readonly (readonly string[])[]): string => rows.map((cells) => cells.join(' ')).join('\n');

describe('rows', () => {
  test('of a receipt are read with their prices', () => {
    const rows = [
      ['Organic whole milk 1 litre', '2.50'],
      ['Bread', '3.10'],
      ['Free-range eggs, a dozen', '4.95'],
      ['Butter, salted', '2.20'],
      ['TOTAL', '12.75'],
    ];
    expect(read(table(rows, [0, 500]))).toBe(rowByRow(rows));
  });

  test('of a form are read with their labels', () => {
    const rows = [
      ['Name:', 'Johannes Diderik van der Waals'],
      ['Place of birth:', 'Leiden, in the Netherlands'],
      ['Date of birth:', '23 November 1837'],
      ['Occupation:', 'Theoretical physicist'],
    ];
    expect(read(table(rows, [0, 260]))).toBe(rowByRow(rows));
  });

  test('of a table with words in all columns are read across', () => {
    const rows = [
      ['Country', 'Capital', 'Language', 'Currency'],
      ['Netherlands', 'Amsterdam', 'Dutch', 'Euro'],
      ['United Kingdom', 'London', 'English', 'Pound sterling'],
      ['Switzerland', 'Bern', 'German, French, Italian', 'Swiss franc'],
      ['Japan', 'Tokyo', 'Japanese', 'Yen'],
      ['Norway', 'Oslo', 'Norwegian', 'Norwegian krone'],
    ];
    expect(read(table(rows, [0, 200, 350, 620]))).toBe(rowByRow(rows));
  });

  test('of a table with wide cells are read across', () => {
    const rows = [
      ['Alexander Hamilton of New York', 'Secretary of the Treasury'],
      ['Thomas Jefferson of Virginia', 'Secretary of State'],
      ['Henry Knox of Massachusetts', 'Secretary of War'],
      ['Edmund Randolph of Virginia', 'Attorney General'],
      ['Samuel Osgood of Massachusetts', 'Postmaster General'],
    ];
    expect(read(table(rows, [0, 360]))).toBe(rowByRow(rows));
  });

  test('of a Chinese table are read across', () => {
    const rows = [
      ['品名', '数量', '金额'],
      ['苹果', '3', '12.00'],
      ['牛奶', '10', '45.50'],
      ['合计', '13', '57.50'],
    ];
    const page = rows.flatMap((cells, row) =>
      cells.map((cell, index) => line(cell, index * 200, row * 36, { characterWidth: /\d/.test(cell) ? 0.5 : 1 })),
    );
    expect(read(page)).toBe(rowByRow(rows));
  });

  test('are read with prices that are at half the height of two lines', () => {
    const page = [
      ...column(['Espresso machine, steel,', 'with two cups'], 0, 0),
      line('249.00', 500, 13),
      ...column(['Coffee grinder, conical,', 'forty settings'], 0, 70),
      line('89.00', 500, 83),
      ...column(['Water filter, replaces', 'the old one'], 0, 140),
      line('19.00', 500, 153),
    ];
    const { lines } = layOut(page, 0);
    const at = (text: string): number => lines.findIndex((placed) => placed.text === text);
    expect(at('249.00')).toBeLessThan(at('Coffee grinder, conical,'));
    expect(at('89.00')).toBeLessThan(at('Water filter, replaces'));
  });

  test('of a table stay together between paragraphs across the page', () => {
    const rows = [
      ['Small', 'Up to two kilograms', '4.90'],
      ['Medium', 'Up to five kilograms', '6.90'],
      ['Large', 'Up to ten kilograms', '9.90'],
    ];
    const [above, below] = [wrapped(prose.ishmael, 80), wrapped(prose.cato, 80)];
    const page = [...column(above, 0, -160), ...table(rows, [0, 200, 600]), ...column(below, 0, 130)];
    expect(read(page)).toBe(`${above.join('\n')}\n\n${rowByRow(rows)}\n\n${below.join('\n')}`);
  });
});
