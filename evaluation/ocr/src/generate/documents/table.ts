import { Sheet, type TextStyle } from '../drawing/sheet.ts';

export interface TableOptions {
  readonly title: string;
  /** Pixels; the first column stands left, the others right. */
  readonly columns: readonly number[];
  readonly rows: readonly (readonly string[])[];
  readonly rules: 'grid' | 'lines' | 'stripes' | 'none';
}

/** A table with a heading; its first row is bold. Every row is one line of the text. */
export function table({ title, columns, rows, rules }: TableOptions, style: TextStyle): Sheet {
  const margin = 40;
  const step = Math.round(style.size * 1.9);
  const inner = columns.reduce((sum, width) => sum + width, 0);
  const top = margin + style.size * 2.4;
  const sheet = new Sheet(inner + 2 * margin, Math.ceil(top + rows.length * step + margin));
  sheet.line(margin + style.size, [{ text: title, x: margin }], { ...style, size: style.size * 1.25, bold: true });
  const edges = columns.map((_, index) => margin + columns.slice(0, index).reduce((sum, width) => sum + width, 0));
  if (rules === 'grid') {
    for (const x of [...edges, margin + inner]) sheet.rule(x, top, x, top + rows.length * step, '#777777');
  }
  for (const [index, row] of rows.entries()) {
    const y = top + index * step;
    if (rules === 'stripes' && index % 2 === 0) sheet.box(margin, y, inner, step, 'fill="#e8edf3"');
    if (rules === 'grid' || (rules === 'lines' && index > 0)) sheet.rule(margin, y, margin + inner, y, '#777777');
    const cells = row.map((text, column) =>
      column === 0
        ? { text, x: edges[column]! + 10 }
        : { text, x: edges[column]! + columns[column]! - 12, align: 'right' as const },
    );
    sheet.line(y + step * 0.68, cells, { ...style, bold: index === 0 });
  }
  const bottom = top + rows.length * step;
  if (rules === 'grid' || rules === 'lines') sheet.rule(margin, bottom, margin + inner, bottom, '#777777');
  return sheet;
}
