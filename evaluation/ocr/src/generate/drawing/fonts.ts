import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TextStyle } from './sheet.ts';

const packages = [
  'dejavu-fonts-ttf',
  '@expo-google-fonts/roboto',
  '@expo-google-fonts/lora',
  '@expo-google-fonts/oswald',
  '@expo-google-fonts/courier-prime',
  '@expo-google-fonts/zcool-xiaowei',
];

/** The families that the installed packages carry, by the names that the fonts have inside. */
export const families = {
  sans: 'DejaVu Sans',
  condensed: 'DejaVu Sans Condensed',
  serif: 'DejaVu Serif',
  mono: 'DejaVu Sans Mono',
  roboto: 'Roboto',
  lora: 'Lora',
  narrow: 'Oswald',
  typewriter: 'Courier Prime',
  chinese: 'ZCOOL XiaoWei',
} as const;

/**
 * Lets fontconfig see the fonts of the installed packages and no others, so that every machine draws the same. It
 * reads its configuration when the first text is drawn, so this comes before.
 */
export function useInstalledFonts(): void {
  const require = createRequire(import.meta.url);
  const folder = mkdtempSync(join(tmpdir(), 'portico-fonts-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const folders = packages.map((name) => `<dir>${dirname(require.resolve(`${name}/package.json`))}</dir>`);
  const file = join(folder, 'fonts.conf');
  writeFileSync(file, `<fontconfig>${folders.join('')}<cachedir>${folder}</cachedir></fontconfig>`);
  process.env['FONTCONFIG_FILE'] = file;
}

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
