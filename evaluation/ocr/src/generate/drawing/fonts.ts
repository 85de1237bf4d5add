import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

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
