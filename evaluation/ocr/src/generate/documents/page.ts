import { estimatedWidth } from '../drawing/estimated-width.ts';
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
