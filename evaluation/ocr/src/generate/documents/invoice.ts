import { Sheet, type TextStyle } from '../drawing/sheet.ts';

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
