import { Sheet, type TextStyle } from '../drawing/sheet.ts';

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
