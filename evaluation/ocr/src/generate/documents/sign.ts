import { estimatedWidth } from '../drawing/estimated-width.ts';
import { Sheet, type TextStyle } from '../drawing/sheet.ts';

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
