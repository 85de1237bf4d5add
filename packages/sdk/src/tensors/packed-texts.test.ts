import { expect, it } from 'vitest';
import { packTexts, unpackTexts } from './packed-texts.ts';

it('packs each text in UTF-8 after its length', () => {
  expect(packTexts(['', 'né'])).toEqual(Uint8Array.of(0, 0, 0, 0, 3, 0, 0, 0, 0x6e, 0xc3, 0xa9));
  expect(packTexts([])).toEqual(new Uint8Array());
});

it('gives back every character, a mark of the byte order and a zero too', () => {
  const texts = ['', '\uFEFFa', 'a\0b', 'Grüße 🙂'];
  expect(unpackTexts(packTexts(texts))).toEqual(texts);
  expect(unpackTexts(new Uint8Array())).toEqual([]);
});

it.each([
  ['a length without its end', [1, 0, 0]],
  ['a text without its end', [2, 0, 0, 0, 0x61]],
  ['a length beyond everything', [0xff, 0xff, 0xff, 0xff, 0x61]],
  ['bytes that are no UTF-8', [1, 0, 0, 0, 0xff]],
])('is undefined for %s', (_what, bytes) => {
  expect(unpackTexts(Uint8Array.from(bytes))).toBeUndefined();
});
