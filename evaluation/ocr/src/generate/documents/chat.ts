import { estimatedWidth } from '../drawing/estimated-width.ts';
import { Sheet, type TextStyle } from '../drawing/sheet.ts';
import type { Theme } from './theme.ts';

/** Messages in bubbles, left and right in turn. */
export function chat(messages: readonly string[], style: TextStyle, theme: Theme): Sheet {
  const step = style.size * 3.2;
  const sheet = new Sheet(style.size * 30, Math.ceil(step * messages.length + 40), theme.ground);
  for (const [index, text] of messages.entries()) {
    const mine = index % 2 === 1;
    const width = estimatedWidth(text, style) + 2 * style.size;
    const x = mine ? sheet.width - width - 20 : 20;
    const y = 20 + index * step;
    sheet.box(x, y, width, step * 0.78, `fill="${mine ? theme.accent : theme.field}" stroke="${theme.edge}" rx="14"`);
    const color = mine ? '#ffffff' : theme.ink;
    sheet.line(y + step * 0.49, [{ text, x: x + style.size * 0.9 }], { ...style, color });
  }
  return sheet;
}
