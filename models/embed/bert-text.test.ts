import { expect, test } from 'vitest';
import { bertText } from './bert-text.ts';

const both = { lowercase: true, handle_chinese_chars: true };

test('a sigma is lowered as any other letter, at the end of a word too', () => {
  expect(bertText('ΟΔΟΣ', both).toLowerCase()).toBe('οδοσ');
  expect(bertText('ΟΔΟΣ', { ...both, lowercase: false })).toBe('ΟΔΟΣ');
});

test('ideographs beyond U+FFFF become words of their own', () => {
  expect(bertText('a𠀀b😀', both)).toBe('a 𠀀 b😀');
  expect(bertText('a𠀀b', { ...both, handle_chinese_chars: false })).toBe('a𠀀b');
});
