import { isFailure, type ocr } from '@portico/schemas';
import { beforeAll, describe, expect, test } from 'vitest';
import { sharp } from '@portico/media/image';
import model from './model.ts';
import { characterErrorRate } from '@portico/measure/error-rates';
import { createSession, type LoadedModel } from '@portico/server/testing';
import { loadOcr } from './testing/load-ocr.ts';
import { inputOf, type OcrReader, readerOf } from './testing/ocr-reader.ts';
import { renderText } from './testing/render-text.ts';

const page = [
  'The quick brown fox jumps over the lazy dog.',
  'Invoice 4711-B of 12 May 2024: total 3,482.75 EUR',
  'Room 7. Questions? Phone 555-0142 (9 to 5)!',
  'Boil 18 minutes & stir it twice; serves four.',
].join('\n');

let loaded: LoadedModel<typeof ocr>;
let read: OcrReader;
/** How often each ONNX file ran, by file name. */
const runs = new Map<string, number>();

beforeAll(async () => {
  loaded = await loadOcr({
    async createSession(path, signature) {
      const session = await createSession(path, signature);
      return {
        run(feeds) {
          runs.set(path, (runs.get(path) ?? 0) + 1);
          return session.run(feeds);
        },
      };
    },
  });
  read = readerOf(loaded);
});

describe('reading upright text', () => {
  test.each([16, 20, 24, 32, 48])('reads a clean page at %i pixels without a mistake', async (size) => {
    const { text } = await read(await renderText(page, { size }));
    expect(text).toBe(page);
  });

  test.each([16, 24, 48])('reads a noisy page at %i pixels with at most 5 % of mistakes', async (size) => {
    const { text } = await read(await renderText(page, { size, noise: 30 }));
    expect(characterErrorRate(text, page)).toBeLessThanOrEqual(0.05);
  });

  test('reads a single short word', async () => {
    const { text } = await read(await renderText('Hi', { size: 32 }));
    expect(text).toBe('Hi');
  });

  test('reads white text on transparency', async () => {
    const mask = await sharp(await renderText('White on nothing', { size: 32 }))
      .greyscale()
      .negate()
      .toBuffer();
    const { width, height } = await sharp(mask).metadata();
    const ghost = await sharp({ create: { width, height, channels: 3, background: 'white' } })
      .joinChannel(mask)
      .png()
      .toBuffer();
    expect((await read(ghost)).text).toBe('White on nothing');
  });
});

describe('the result', () => {
  test('says where a line is in the original, within a quarter of its height', async () => {
    const size = 48;
    const image = await renderText('Somewhere here', { size });
    const { info } = await sharp(image).trim().toBuffer({ resolveWithObject: true });
    const left = -(info.trimOffsetLeft ?? 0);
    const top = -(info.trimOffsetTop ?? 0);
    const [line, ...others] = (await read(image)).lines;
    expect([line?.text, others]).toEqual(['Somewhere here', []]);
    const corners = [
      { x: left, y: top },
      { x: left + info.width, y: top },
      { x: left + info.width, y: top + info.height },
      { x: left, y: top + info.height },
    ];
    for (const [index, { x, y }] of corners.entries()) {
      expect(Math.abs((line?.polygon[index]?.x ?? NaN) - x)).toBeLessThan(size / 4);
      expect(Math.abs((line?.polygon[index]?.y ?? NaN) - y)).toBeLessThan(size / 4);
    }
  });

  test('is empty for an image without text', async () => {
    const blank = await sharp({ create: { width: 300, height: 200, channels: 3, background: '#777' } })
      .png()
      .toBuffer();
    expect(await read(blank)).toEqual({
      width: 300,
      height: 200,
      angle: 0,
      text: '',
      lines: [],
      warnings: [],
    });
  });

  test('warns of print that is too small for the size at which text is looked for, unless that is larger', async () => {
    const wide = await sharp({ create: { width: 5_200, height: 1_300, channels: 3, background: '#777' } })
      .png()
      .toBuffer();
    const message =
      'The image was scaled down to 1280 × 320 pixels to find its text. Print lower than some 24 pixels may be ' +
      'missed: raise maxSideLength, or send parts of it.';
    expect((await read(wide)).warnings).toEqual([{ code: 'scaledDown', message }]);
    expect((await read(wide, { maxSideLength: 2_560 })).warnings).toEqual([]);
  });

  test('warns of pages that are not read', async () => {
    const pages = await Promise.all(['First', 'Second'].map((text) => renderText(text, { size: 24 })));
    const file = await sharp(pages, { join: { animated: true } })
      .tiff()
      .toBuffer();
    const { text, warnings } = await read(file);
    expect([text, warnings.map(({ code }) => code)]).toEqual(['First', ['firstPage']]);
  });

  test('leaves out lines below the confidence given', async () => {
    const image = await renderText('Plain words', { size: 24 });
    expect((await read(image, { minConfidence: 1 })).lines).toEqual([]);
    const [line] = (await read(image, { minConfidence: 0.5 })).lines;
    expect(line?.confidence).toBeGreaterThan(0.9);
  });
});

describe('a batch', () => {
  test('has one result for each input, failures included, in their order', async () => {
    const image = await renderText('Batch', { size: 32 });
    const inputs = [inputOf(image), inputOf(Buffer.from('no image')), inputOf(image, { minConfidence: 1 })];
    const results = await loaded.run(inputs, { signal: AbortSignal.any([]) });
    expect(results).toMatchObject([{ text: 'Batch' }, { code: 'BAD_INPUT' }, { text: '' }]);
  });

  test('refuses images over the limit on pixels', async () => {
    const small = await loadOcr({ maxImagePixels: 100 });
    const results = await small.run([inputOf(await renderText('Big', { size: 32 }))], { signal: AbortSignal.any([]) });
    expect(results).toMatchObject([{ code: 'TOO_LARGE' }]);
  });

  test('stops between two lines once it is cancelled', async () => {
    const leaving = new AbortController();
    let lines = 0;
    const cancelled = await loadOcr({
      async createSession(path, signature) {
        const session = await createSession(path, signature);
        return {
          async run(feeds) {
            if (path.includes('rec') && ++lines === 2) leaving.abort();
            return session.run(feeds);
          },
        };
      },
    });
    const input = inputOf(await renderText(page, { size: 24 }));
    await expect(cancelled.run([input, input], { signal: leaving.signal })).rejects.toMatchObject({
      code: 'CANCELLED',
    });
    expect(lines).toBe(2);
  });

  test('does not begin once it is cancelled', async () => {
    runs.clear();
    const input = inputOf(await renderText('Late', { size: 24 }));
    await expect(loaded.run([input], { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(runs.size).toBe(0);
  });
});

test('the warm-up runs all nets', async () => {
  runs.clear();
  const results = await loaded.run([await model.warmUp()], { signal: AbortSignal.any([]) });
  expect(results.some(isFailure)).toBe(false);
  const nets = [...runs].map(([path, times]) => [path.replace(/.*_(det|rec|cls)_.*/, '$1'), times > 0]);
  expect(Object.fromEntries(nets)).toEqual({ det: true, rec: true, cls: true });
});
