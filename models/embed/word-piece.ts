/** What WordPiece needs of a tokenizer's file. */
export interface WordPieceRules {
  readonly vocabulary: ReadonlyMap<string, number>;
  readonly unknown: string;
  /** Stands before a piece that continues a word. */
  readonly prefix: string;
  /** Code points of the longest word; a longer one is unknown. */
  readonly longestWord: number;
}

/**
 * Splits words into the longest pieces there are, from the left; a word that cannot be split is unknown.
 * No piece longer than the vocabulary's longest is tried, so that the worst text takes its length's time, not its square.
 */
export function wordPieces({
  vocabulary,
  unknown,
  prefix,
  longestWord,
}: WordPieceRules): (words: string[]) => string[] {
  let longestPiece = 0;
  for (const piece of vocabulary.keys()) longestPiece = Math.max(longestPiece, piece.length);

  const pieceAt = (word: string, start: number): string | undefined => {
    const before = start === 0 ? '' : prefix;
    for (let end = Math.min(word.length, start + longestPiece - before.length); end > start; end -= 1) {
      const piece = before + word.slice(start, end);
      if (vocabulary.has(piece)) return piece;
    }
    return undefined;
  };

  const split = (word: string): string[] => {
    if (word.length > longestWord && Array.from(word).length > longestWord) return [unknown];
    const pieces: string[] = [];
    for (let start = 0; start < word.length;) {
      const piece = pieceAt(word, start);
      if (piece === undefined) return [unknown];
      pieces.push(piece);
      start += piece.length - (start === 0 ? 0 : prefix.length);
    }
    return pieces;
  };

  return (words) => words.flatMap(split);
}
