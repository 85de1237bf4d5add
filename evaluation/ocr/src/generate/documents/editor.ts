import { Sheet, type TextStyle } from '../drawing/sheet.ts';
import type { Theme } from './theme.ts';

/** Source code in a window with the name of the file above it. Indentation is drawn and not part of the text. */
export function editor(name: string, code: readonly string[], style: TextStyle, theme: Theme): Sheet {
  const [bar, leading] = [style.size * 2.2, style.size * 1.6];
  const sheet = new Sheet(style.size * 26, Math.ceil(bar + leading * (code.length + 1.2)), theme.ground);
  sheet.box(0, 0, sheet.width, bar, `fill="${theme.bar}"`);
  sheet.line(bar * 0.65, [{ text: name, x: 18 }], { ...style, color: theme.barInk });
  for (const [row, line] of code.entries()) {
    const text = line.trimStart();
    const x = 24 + (line.length - text.length) * style.size * 0.605;
    sheet.line(bar + leading * (row + 1.2), [{ text, x }], { ...style, color: theme.ink });
  }
  return sheet;
}
