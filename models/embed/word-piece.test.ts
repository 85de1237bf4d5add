import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wordPieces } from './word-piece.ts';

const rulesOf = (pieces: readonly string[], longestWord = 100) => ({
  vocabulary: new Map(['[UNK]', ...pieces].map((piece, id) => [piece, id])),
  unknown: '[UNK]',
  prefix: '##',
  longestWord,
});

test('a word is split into the longest pieces from the left', () => {
  const split = wordPieces(rulesOf(['un', 'una', '##aff', '##able', '##ff', '##a']));
  expect(split(['unaffable', 'un', 'una'])).toEqual(['una', '##ff', '##able', 'un', 'una']);
});

test('a word with a part that no piece fits is unknown as a whole', () => {
  const split = wordPieces(rulesOf(['a', '##b']));
  expect(split(['ab', 'abc', 'cab'])).toEqual(['a', '##b', '[UNK]', '[UNK]']);
});

test('words are measured in code points', () => {
  const split = wordPieces(rulesOf(['😀', '##😀', 'a', '##a'], 3));
  expect(split(['😀😀😀', '😀😀😀😀', 'aaa', 'aaaa'])).toEqual([
    '😀',
    '##😀',
    '##😀',
    '[UNK]',
    'a',
    '##a',
    '##a',
    '[UNK]',
  ]);
});

test('pieces put together are the word again, which can be split just where its first and later letters are known', () => {
  const letters = fc.constantFrom('a', 'b', 'c');
  const piece = fc.string({ unit: letters, minLength: 1, maxLength: 4 });
  const word = fc.string({ unit: letters, minLength: 1, maxLength: 30 });
  const known = ['a', 'b', '##a', '##b', '##c'];
  fc.assert(
    fc.property(fc.array(piece), fc.array(piece), word, (first, later, word) => {
      const firstPieces = first.filter((piece) => !piece.startsWith('c'));
      const split = wordPieces(rulesOf([...known, ...firstPieces, ...later.map((piece) => `##${piece}`)]));
      const together = split([word])
        .map((piece) => piece.replace('##', ''))
        .join('');
      expect(together).toBe(word.startsWith('c') ? '[UNK]' : word);
    }),
  );
});
