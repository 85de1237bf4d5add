/** A part of a line's text: one of its words, or what is between them. */
export interface Piece {
  readonly text: string;
  /** Which word it is. */
  readonly word?: number;
}

interface WithWords {
  readonly words?: readonly { readonly text: string }[] | undefined;
}

/** A word is called by its line and its place in it, as in `data-word="3.0"`. */
export const wordName = (line: number, place: number): string => `${line}.${place}`;

/** The word of this name, if the lines have it. */
export function findWord<Word>(
  lines: readonly { readonly words?: readonly Word[] | undefined }[],
  name: string | undefined,
): Word | undefined {
  const [line = -1, place = -1] = name?.split('.').map(Number) ?? [];
  return lines[line]?.words?.[place];
}

/** Where an arrow key leads in the words of a line; undefined for other keys and for lines without words. */
export function nextWord(
  lines: readonly WithWords[],
  line: number | undefined,
  word: string | undefined,
  key: string,
): string | undefined {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
  if (step === undefined || line === undefined) return undefined;
  const count = lines[line]?.words?.length ?? 0;
  if (count === 0) return undefined;
  const [ofLine, place] = word?.split('.').map(Number) ?? [];
  if (ofLine !== line || place === undefined) return wordName(line, step > 0 ? 0 : count - 1);
  return wordName(line, Math.max(0, Math.min(place + step, count - 1)));
}

/** Cuts the text of a line into its words and what is between them. A word that the text does not contain is left out. */
export function piecesOf(text: string, words: readonly { readonly text: string }[]): Piece[] {
  const pieces: Piece[] = [];
  let position = 0;
  for (const [word, { text: wordText }] of words.entries()) {
    const start = text.indexOf(wordText, position);
    if (start === -1 || wordText === '') continue;
    if (start > position) pieces.push({ text: text.slice(position, start) });
    position = start + wordText.length;
    pieces.push({ text: wordText, word });
  }
  if (position < text.length) pieces.push({ text: text.slice(position) });
  return pieces;
}
