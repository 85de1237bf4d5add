import { estimatedWidth } from '../drawing/fonts.ts';
import { Sheet, type TextStyle } from '../drawing/sheet.ts';

export interface PageOptions {
  /** Of the baselines, by the font size. */
  readonly leading?: number;
  /** Pixels on every side. */
  readonly margin?: number;
  readonly background?: string;
  /** The first line is set larger and bold. */
  readonly title?: boolean;
}

/** Lines of text below each other on a sheet that just holds them. */
export function page(texts: readonly string[], style: TextStyle, options: PageOptions = {}): Sheet {
  const { leading = 1.5, margin = 2 * style.size, background = '#ffffff', title = false } = options;
  const heading: TextStyle = { ...style, size: Math.round(style.size * 1.4), bold: true };
  const styleOf = (row: number): TextStyle => (title && row === 0 ? heading : style);
  const widest = Math.max(...texts.map((text, row) => estimatedWidth(text, styleOf(row))));
  const head = title ? heading.size : 0;
  const height = 2 * margin + head + style.size * (1 + leading * (texts.length - 1));
  const sheet = new Sheet(Math.ceil(widest + 2 * margin), Math.ceil(height), background);
  for (const [row, text] of texts.entries()) {
    const y = margin + style.size + (title && row > 0 ? head : 0) + (title ? heading.size - style.size : 0) / 2;
    sheet.line(y + row * leading * style.size, [{ text, x: margin }], styleOf(row));
  }
  return sheet;
}

export interface ColumnsText {
  /** Over all columns. */
  readonly title?: string;
  readonly columns: readonly (readonly string[])[];
}

/** Columns of running text side by side, read one after the other. */
export function columns(text: ColumnsText, style: TextStyle, gap = style.size * 2.2): Sheet {
  const [margin, leading] = [44, style.size * 1.45];
  const heading: TextStyle = { ...style, size: style.size * 1.8, bold: true };
  const head = text.title === undefined ? 0 : heading.size * 1.9;
  const width = Math.ceil(Math.max(...text.columns.flat().map((line) => estimatedWidth(line, style))));
  const longest = Math.max(...text.columns.map((column) => column.length));
  const total = 2 * margin + text.columns.length * width + (text.columns.length - 1) * gap;
  const sheet = new Sheet(Math.ceil(total), Math.ceil(2 * margin + head + longest * leading));
  if (text.title !== undefined) sheet.line(margin + heading.size, [{ text: text.title, x: margin }], heading);
  for (const [index, column] of text.columns.entries()) {
    sheet.paragraph(margin + index * (width + gap), margin + head + style.size, column, style, leading);
  }
  return sheet;
}

export interface TableOptions {
  readonly title: string;
  /** Widths in pixels; the first column is left-aligned, the others right-aligned. */
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

/** A short invoice: who, when, what and how much, one line below the other. */
export function invoice(style: TextStyle): Sheet {
  const { size } = style;
  const [margin, width, step] = [2.5 * size, 36 * size, 1.7 * size];
  const right = width - margin;
  const sheet = new Sheet(width, Math.ceil(margin * 2 + step * 12));
  let y = margin + size;
  const row = (texts: readonly [string] | readonly [string, string], more: Partial<TextStyle> = {}, rows = 1): void => {
    const [text, amount] = texts;
    const cells = [{ text, x: margin }];
    const amounts = amount === undefined ? [] : [{ text: amount, x: right, align: 'right' as const }];
    sheet.line(y, [...cells, ...amounts], { ...style, ...more });
    y += rows * step;
  };
  row(['INVOICE'], { bold: true, size: size * 1.6 }, 1.6);
  row(['Number 2024-0318']);
  row(['Date 5 April 2024'], {}, 1.5);
  sheet.rule(margin, y - step * 0.95, right, y - step * 0.95);
  row(['Garden bench, oak', '249.00']);
  row(['Delivery to the front door', '35.00']);
  row(['Assembly, 2 hours', '90.00']);
  sheet.rule(margin, y - step * 0.7, right, y - step * 0.7);
  row(['Total', '374.00'], { bold: true }, 1.5);
  row(['Payable within 30 days without deduction.']);
  row(['Thank you for your order!']);
  return sheet;
}

export interface ReceiptText {
  /** Centred above. */
  readonly head: readonly string[];
  /** What it is and what it costs. */
  readonly items: readonly (readonly [string, string])[];
  readonly totals: readonly (readonly [string, string])[];
  /** Centred below. */
  readonly foot: readonly string[];
}

/** A till receipt: narrow, one column, prices to the right. */
export function receipt({ head, items, totals, foot }: ReceiptText, style: TextStyle, width: number): Sheet {
  const [margin, step] = [26, style.size * 1.45];
  const rows = head.length + items.length + totals.length + foot.length + 3;
  const sheet = new Sheet(width, Math.ceil(2 * margin + rows * step), '#fbfaf6');
  let y = margin + style.size;
  const centred = (text: string, more: Partial<TextStyle> = {}): void => {
    sheet.line(y, [{ text, x: width / 2, align: 'middle' }], { ...style, ...more });
    y += step;
  };
  const priced = ([text, price]: readonly [string, string], more: Partial<TextStyle> = {}): void => {
    const right = { text: price, x: width - margin, align: 'right' as const };
    sheet.line(y, [{ text, x: margin }, right], { ...style, ...more });
    y += step;
  };
  const divide = (): void => {
    const line = y - step * 0.45;
    const dashes = `stroke="#555555" stroke-dasharray="6 5"`;
    sheet.shape(`<line x1="${margin}" y1="${line}" x2="${width - margin}" y2="${line}" ${dashes}/>`);
    y += step * 0.7;
  };
  for (const [row, text] of head.entries()) centred(text, { bold: row === 0 });
  divide();
  for (const item of items) priced(item);
  divide();
  for (const [row, total] of totals.entries()) priced(total, { bold: row === 0 });
  divide();
  for (const text of foot) centred(text);
  return sheet;
}

export interface SignColors {
  readonly ground: string;
  readonly ink: string;
}

/** A board with a frame, its lines centred and the first one largest. */
export function sign(texts: readonly string[], style: TextStyle, { ground, ink }: SignColors): Sheet {
  const heading: TextStyle = { ...style, size: Math.round(style.size * 1.5), bold: true, color: ink };
  const styleOf = (row: number): TextStyle => (row === 0 ? heading : { ...style, color: ink });
  const margin = style.size * 1.4;
  const widest = Math.max(...texts.map((text, row) => estimatedWidth(text, styleOf(row))));
  const width = Math.ceil(widest + 2 * margin);
  const height = Math.ceil(2 * margin + heading.size + style.size * 1.6 * (texts.length - 1));
  const sheet = new Sheet(width, height, ground);
  sheet.box(8, 8, width - 16, height - 16, `fill="none" stroke="${ink}" stroke-width="4" rx="14"`);
  for (const [row, text] of texts.entries()) {
    const y = margin + heading.size * 0.85 + row * style.size * 1.6;
    sheet.line(y, [{ text, x: width / 2, align: 'middle' }], styleOf(row));
  }
  return sheet;
}
