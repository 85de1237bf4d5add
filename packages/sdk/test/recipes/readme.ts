import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The folder of the published package. */
export const sdkFolder = join(import.meta.dirname, '../..');

export const recipesFolder = join(sdkFolder, 'recipes');

/** A piece of code in the README. */
interface Piece {
  /** The file that it quotes, from the package's folder. */
  readonly file: string | undefined;
  readonly code: string;
}

/** The TypeScript in the README, in order. */
export async function piecesOfReadme(): Promise<Piece[]> {
  const readme = await readFile(join(sdkFolder, 'README.md'), 'utf8');
  const pieces = readme.matchAll(/^(?:<!-- (?<file>\S+) -->\n)?```tsx?\n(?<code>.*?)^```/gms);
  return [...pieces].map(({ groups = {} }) => ({ file: groups['file'], code: groups['code'] ?? '' }));
}

/** What the README shows before its recipes, as one program. */
export async function programOfReadme(): Promise<string> {
  const pieces = await piecesOfReadme();
  return pieces
    .filter(({ file }) => file === undefined)
    .map(({ code }) => code)
    .join('\n');
}
