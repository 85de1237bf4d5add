import { estimatedWidth } from '../drawing/fonts.ts';
import { Sheet, type TextStyle } from '../drawing/sheet.ts';

/** Colours of a window. */
export interface Theme {
  readonly ground: string;
  readonly ink: string;
  readonly bar: string;
  readonly barInk: string;
  readonly field: string;
  readonly edge: string;
  readonly accent: string;
}

export const themes = {
  light: {
    ground: '#f6f7f9',
    ink: '#22262b',
    bar: '#e4e7eb',
    barInk: '#22262b',
    field: '#ffffff',
    edge: '#b9c0c8',
    accent: '#1f6fd6',
  },
  dark: {
    ground: '#23262b',
    ink: '#dde1e6',
    bar: '#17191d',
    barInk: '#dde1e6',
    field: '#30353c',
    edge: '#4a515a',
    accent: '#3d8bfd',
  },
  blue: {
    ground: '#eef3fa',
    ink: '#1b2a41',
    bar: '#2b5797',
    barInk: '#ffffff',
    field: '#ffffff',
    edge: '#9db4d3',
    accent: '#2b5797',
  },
} as const satisfies Record<string, Theme>;

/** A row of a dialog: a field with its value, a box to tick, a heading or a plain remark. */
export type DialogRow =
  | { readonly label: string; readonly value: string }
  | { readonly check: string; readonly ticked: boolean }
  | { readonly heading: string }
  | { readonly remark: string };

export interface DialogText {
  readonly title: string;
  readonly rows: readonly DialogRow[];
  /** Right below, the last one is highlighted. */
  readonly buttons: readonly string[];
}

/** A settings window as a screenshot shows it. */
export function dialog({ title, rows, buttons }: DialogText, style: TextStyle, theme: Theme, width = 640): Sheet {
  const step = Math.round(style.size * 2.5);
  const bar = Math.round(style.size * 2.4);
  const inked: TextStyle = { ...style, color: theme.ink };
  const margin = 28;
  const height = bar + 16 + rows.length * step + 2.2 * step;
  const sheet = new Sheet(width, Math.round(height), theme.ground);
  sheet.box(0, 0, width, bar, `fill="${theme.bar}"`);
  sheet.line(bar * 0.65, [{ text: title, x: 16 }], { ...style, color: theme.barInk });
  for (const [index, row] of rows.entries()) {
    drawRow(sheet, row, bar + 16 + (index + 0.64) * step, { margin, style: inked, theme });
  }
  const top = height - 1.5 * step;
  const buttonWidth = style.size * 6.5;
  const left = width - margin - buttons.length * (buttonWidth + 14) + 14;
  const cells = buttons.map((text, index) => {
    const last = index === buttons.length - 1;
    const x = left + index * (buttonWidth + 14);
    sheet.box(
      x,
      top,
      buttonWidth,
      step * 0.82,
      `fill="${last ? theme.accent : theme.field}" stroke="${theme.edge}" rx="5"`,
    );
    const color = last ? '#ffffff' : theme.ink;
    return { text, x: x + buttonWidth / 2, align: 'middle' as const, style: { color } };
  });
  sheet.line(top + step * 0.55, cells, inked);
  return sheet;
}

interface RowStyle {
  readonly margin: number;
  readonly style: TextStyle;
  readonly theme: Theme;
}

function drawRow(sheet: Sheet, row: DialogRow, y: number, { margin, style, theme }: RowStyle): void {
  const { size } = style;
  if ('heading' in row) sheet.line(y, [{ text: row.heading, x: margin }], { ...style, bold: true, size: size * 1.15 });
  else if ('remark' in row) sheet.line(y, [{ text: row.remark, x: margin }], style);
  else if ('check' in row) {
    const side = size * 1.05;
    const fill = row.ticked ? theme.accent : theme.field;
    sheet.box(margin, y - side * 0.87, side, side, `fill="${fill}" stroke="${theme.edge}" rx="3"`);
    const tick = `M ${margin + side * 0.22} ${y - side * 0.38} l ${side * 0.2} ${side * 0.2} l ${side * 0.36} ${-side * 0.42}`;
    if (row.ticked) sheet.shape(`<path d="${tick}" fill="none" stroke="#ffffff" stroke-width="2"/>`);
    sheet.line(y, [{ text: row.check, x: margin + side * 1.6 }], style);
  } else {
    const x = sheet.width * 0.45;
    const width = sheet.width - x - margin;
    sheet.box(x, y - size * 1.35, width, size * 2, `fill="${theme.field}" stroke="${theme.edge}" rx="4"`);
    sheet.line(
      y,
      [
        { text: row.label, x: margin },
        { text: row.value, x: x + 12 },
      ],
      style,
    );
  }
}

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
