import { families } from './fonts.ts';
import type { TextStyle } from './sheet.ts';

/** Width of a character by the font size; a little more than running text takes on average. */
const advances: Readonly<Record<string, number>> = {
  [families.sans]: 0.53,
  [families.condensed]: 0.485,
  [families.serif]: 0.545,
  [families.mono]: 0.605,
  [families.roboto]: 0.49,
  [families.lora]: 0.49,
  [families.narrow]: 0.39,
  [families.typewriter]: 0.605,
  [families.chinese]: 1,
};

/** Pixels that a line will take, so that a sheet can be made wide enough before anything is drawn. */
export function estimatedWidth(text: string, { family, size, bold = false, spacing = 0 }: TextStyle): number {
  const capitals = text.replaceAll(/[^A-Z]/g, '').length;
  const characters = text.length + (family === families.mono || family === families.typewriter ? 0 : 0.4 * capitals);
  return characters * (advances[family] ?? 0.6) * size * (bold ? 1.1 : 1) + text.length * spacing;
}
