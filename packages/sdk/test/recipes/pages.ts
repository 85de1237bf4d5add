import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The folder of the published package. */
export const sdkFolder = join(import.meta.dirname, '../..');

export const recipesFolder = join(sdkFolder, 'recipes');

/** The pages that ship with the package, from its folder: its README and its guides. */
export const pages: readonly string[] = [
  'README.md',
  ...readdirSync(join(sdkFolder, 'docs')).map((name) => `docs/${name}`),
];

/** A piece of code in a page. */
interface Piece {
  /** The file that it quotes, from the package's folder. */
  readonly file: string | undefined;
  readonly language: string;
  readonly code: string;
}

/** The pieces of code in a page that are in one of the languages, in order. */
export async function piecesOf(page: string, languages = /^(tsx?|js|json|svelte)$/): Promise<Piece[]> {
  const text = await readFile(join(sdkFolder, page), 'utf8');
  const pieces = text.matchAll(/^(?:<!-- (?<file>\S+) -->\n)?```(?<language>[a-z]+)\n(?<code>.*?)^```/gms);
  return [...pieces]
    .map(({ groups = {} }) => ({
      file: groups['file'],
      language: groups['language'] ?? '',
      code: groups['code'] ?? '',
    }))
    .filter(({ language }) => languages.test(language));
}
