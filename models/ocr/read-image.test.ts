import type { OcrLine, OcrResult } from '@portico/schemas';
import { beforeAll, describe, expect, test } from 'vitest';
import { sharp } from '@portico/media/image';
import { characterErrorRate } from '@portico/measure/error-rates';
import { degreesBetween, directionOf, distance, heightOf, type Quad, quadOf } from './geometry/quad.ts';
import { halfWidth, onOriginal } from './read-image.ts';
import { box, isInside } from './testing/boxes.ts';
import { inkSpans, turnImage } from './testing/images.ts';
import { itemAt, only } from './testing/items.ts';
import { loadReader, type OcrReader } from './testing/ocr-reader.ts';
import { renderColumns, renderText } from './testing/render-text.ts';

const page = [
  'The quick brown fox jumps over the lazy dog.',
  'Invoice 4711-B of 12 May 2024: total 3,482.75 EUR',
  'Room 7. Questions? Phone 555-0142 (9 to 5)!',
].join('\n');

let read: OcrReader;
let upright: Buffer;

beforeAll(async () => {
  read = await loadReader();
  upright = await renderText(page, { size: 24 });
});

const placeOf = ({ polygon }: Pick<OcrLine, 'polygon'>): Quad => quadOf(polygon);
const allCorners = ({ lines }: OcrResult) =>
  lines.flatMap(({ polygon, words = [] }) => [...polygon, ...words.flatMap((word) => word.polygon)]);

describe('a page that is turned', () => {
  test.each([90, 180, 270, 15, -15, 30, -30])('by %i degrees reads as if it were upright', async (degrees) => {
    const { text, angle, lines } = await read(await turnImage(upright, degrees));
    expect(characterErrorRate(text, page)).toBe(0);
    expect(Math.abs(degreesBetween(angle, -degrees))).toBeLessThan(1.5);
    for (const line of lines) expect(Math.abs(degreesBetween(directionOf(placeOf(line)), degrees))).toBeLessThan(1.5);
  });

  test('is not read upside down where its orientation need not be found', async () => {
    const { text, angle } = await read(await turnImage(upright, 180), { detectOrientation: false });
    expect(characterErrorRate(text, page)).toBeGreaterThan(0.5);
    expect(Math.abs(angle)).toBeLessThan(1.5);
  });

  test('reads the same where its orientation need not be found', async () => {
    expect(await read(upright, { detectOrientation: false })).toEqual(await read(upright));
  });

  test('by its camera, which stored it on its side, is upright', async () => {
    const onItsSide = await sharp(upright)
      .rotate(270)
      .withMetadata({ orientation: 6 })
      .jpeg({ quality: 95 })
      .toBuffer();
    const { width, height } = await sharp(upright).metadata();
    const { lines, angle, ...result } = await read(onItsSide);
    expect(result).toEqual({ text: page, width, height, warnings: [] });
    expect(Math.abs(angle)).toBeLessThan(1.5);
    for (const line of lines) expect(Math.abs(directionOf(placeOf(line)))).toBeLessThan(1.5);
  });
});

describe('Chinese in columns', () => {
  const columns = ['床前明月光疑是地上霜', '举头望明月低头思故乡', '白日依山尽黄河入海流'];

  test('is read from right to left', async () => {
    const { text, angle, lines } = await read(await renderColumns(columns, 32));
    expect(text).toBe(columns.join('\n'));
    expect(Math.abs(angle)).toBeLessThan(1.5);
    for (const line of lines) expect(heightOf(placeOf(line))).toBeGreaterThan(250);
  });

  test('is read on a page that lies on its side', async () => {
    const { text } = await read(await turnImage(await renderColumns(columns, 32), 90));
    expect(text).toBe(columns.join('\n'));
  });
});

describe('words', () => {
  test('are left out by default', async () => {
    const { lines } = await read(upright);
    expect(lines.map((line) => Object.keys(line))).toEqual(lines.map(() => ['text', 'confidence', 'polygon']));
  });

  test.each([0, 180, 15])(
    'make up their line and lie in it, in order, on a page turned by %i degrees',
    async (degrees) => {
      const { lines } = await read(await turnImage(upright, degrees), { words: true });
      expect(lines).toHaveLength(3);
      for (const line of lines) {
        const words = line.words ?? [];
        expect(words.map(({ text }) => text).join(' ')).toBe(line.text);
        const places = words.map((word) => {
          for (const corner of word.polygon) expect(isInside(placeOf(line), corner, 0.3)).toBe(true);
          return distance(placeOf(word)[0], placeOf(line)[0]);
        });
        expect(places).toEqual(places.toSorted((a, b) => a - b));
        expect(new Set(places).size).toBe(words.length);
      }
    },
  );

  test('are where their letters are, within a third of the height', async () => {
    const size = 32;
    const image = await renderText('When shall we three meet again', { size });
    const ink = await inkSpans(image, size / 5);
    const { words = [] } = only((await read(image, { words: true })).lines);
    expect(words.map(({ text }) => text)).toEqual(['When', 'shall', 'we', 'three', 'meet', 'again']);
    for (const [index, word] of words.entries()) {
      const { from, to } = itemAt(ink, index);
      expect(Math.abs(placeOf(word)[0].x - from)).toBeLessThan(size / 3);
      expect(Math.abs(placeOf(word)[1].x - to)).toBeLessThan(size / 3);
    }
  });
});

test('full-width letters, digits and punctuation are written in half width with halfWidth', async () => {
  const image = await renderText('订单：三件（共二百元），谢谢！', { size: 32, font: 'chinese' });
  const { text, lines } = await read(image);
  expect([text, lines[0]?.text]).toEqual(['订单：三件（共二百元），谢谢！', text]);
  const narrow = await read(image, { halfWidth: true, words: true });
  expect(narrow.text).toBe('订单:三件(共二百元),谢谢!');
  expect([narrow.lines[0]?.text, narrow.lines[0]?.words?.map((word) => word.text).join(' ')]).toEqual([
    narrow.text,
    narrow.text,
  ]);
});

describe('polygons', () => {
  test.each([0, 12])('lie inside the image where its text reaches the edges, turned by %i degrees', async (degrees) => {
    const image = await sharp(await turnImage(await renderText(page, { size: 24 }), degrees))
      .trim()
      .toBuffer();
    const result = await read(image, { words: true });
    expect(result.lines.length).toBeGreaterThan(1);
    for (const { x, y } of allCorners(result)) {
      expect(Math.min(x, y, result.width - x, result.height - y)).toBeGreaterThanOrEqual(0);
    }
  });

  test.each([
    [12, 4000, 3000],
    [20, 5000, 4000],
  ])('are in pixels of an original of %i megapixels', async (_, width, height) => {
    const text = await sharp(await renderText('Far down on the right', { size: 120 }))
      .trim()
      .toBuffer();
    const { width: wide, height: high } = await sharp(text).metadata();
    const [left, top] = [width - wide - 300, height - high - 250];
    const image = await sharp({ create: { width, height, channels: 3, background: 'white' } })
      .composite([{ input: text, left, top }])
      .jpeg()
      .toBuffer();
    const result = await read(image, { words: true });
    expect(result).toMatchObject({ width, height, text: 'Far down on the right' });
    const line = only(result.lines);
    expect(line.words).toHaveLength(5);
    for (const corner of line.words?.flatMap((word) => word.polygon) ?? []) {
      expect(isInside(placeOf(line), corner, 1)).toBe(true);
    }
    const corners = [
      [left, top],
      [left + wide, top],
      [left + wide, top + high],
      [left, top + high],
    ] as const;
    for (const [index, [x, y]] of corners.entries()) {
      expect(distance(itemAt(line.polygon, index), { x, y })).toBeLessThan(50);
    }
  });
});

describe('onOriginal', () => {
  const image = { data: new Uint8Array(), width: 200, height: 100 };

  test('places corners on an original that was decoded reduced, to a tenth of a pixel', () => {
    const place = onOriginal({ ...image, original: { width: 600, height: 200 } });
    expect(place(box(10.01, 20, 30.11, 40))).toEqual(
      [
        [30, 40],
        [120.4, 40],
        [120.4, 120],
        [30, 120],
      ].map(([x, y]) => ({ x, y })),
    );
  });

  test('keeps corners inside of the original', () => {
    const place = onOriginal({ ...image, original: { width: 200, height: 100 } });
    expect(place(box(-5, -3, 300, 200))).toEqual(box(0, 0, 200, 100));
  });
});

describe('halfWidth', () => {
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
});
