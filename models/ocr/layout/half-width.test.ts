import { expect, test } from 'vitest';
import { halfWidth } from './half-width.ts';

test('writes full-width letters, digits and signs in half width', () => {
  expect(halfWidth('ＡＢＣ　ｘｙｚ　０１２３！？（～）')).toBe('ABC xyz 0123!?(~)');
});

test('reaches from the exclamation mark to the tilde', () => {
  const codes = Array.from({ length: 94 }, (_, index) => index);
  const full = String.fromCharCode(...codes.map((code) => code + 0xff01));
  expect(halfWidth(full)).toBe(String.fromCharCode(...codes.map((code) => code + 0x21)));
});

test('leaves kana, hanzi, hangul and their punctuation as they are', () => {
  const text = '漢字カナｶﾅかな、。「」・한글￥￠｟｠';
  expect(halfWidth(text)).toBe(text);
});

test('leaves ASCII and what lies outside the basic plane as it is', () => {
  expect(halfWidth('')).toBe('');
  expect(halfWidth('plain text, 12.50 😀𠮷')).toBe('plain text, 12.50 😀𠮷');
});
