import { beforeAll, expect, test } from 'vitest';
import { type RgbImage, sharp } from '@portico/media/image';
import { createSession } from '@portico/server/testing';
import { ocrWeights } from '../testing/load-ocr.ts';
import { renderText } from '../testing/render-text.ts';
import { inputWidth, loadTurnClassifier, type TurnClassifier } from './turn-classifier.ts';

let classify: TurnClassifier;

beforeAll(async () => {
  classify = await loadTurnClassifier({ createSession }, ocrWeights()['orientation'] ?? '');
});

/** The text's line alone, 48 pixels high, its beginning only where it is longer than the classifier looks. */
async function line(text: string, degrees: 0 | 180): Promise<RgbImage> {
  const trimmed = await sharp(await renderText(text, { size: 40 }))
    .trim()
    .extend({ top: 4, bottom: 4, left: 4, right: 4, background: 'white' })
    .toBuffer();
  const turned = await sharp(trimmed).rotate(degrees).resize({ height: 48 }).toBuffer();
  const { width: whole } = await sharp(turned).metadata();
  const width = Math.min(whole, inputWidth);
  const data = await sharp(turned).extract({ left: 0, top: 0, width, height: 48 }).removeAlpha().raw().toBuffer();
  return { data, width, height: 48 };
}

test.each(['Invoice 4711', 'Questions about it?', 'Total', 'The quick brown fox jumps over the lazy dog.'])(
  'distinguishes "%s" upright from upside down',
  async (text) => {
    expect(await classify(await line(text, 0))).toBeLessThan(0.2);
    expect(await classify(await line(text, 180))).toBeGreaterThan(0.8);
  },
);
