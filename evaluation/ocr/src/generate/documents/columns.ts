import { estimatedWidth } from '../drawing/estimated-width.ts';
import { Sheet, type TextStyle } from '../drawing/sheet.ts';

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
