import { OcrParams, type ocr } from '@portico/schemas';
import { sharp } from '@portico/media';
import type { ModelInput } from '@portico/server/model';

const side = 320;
const bar = { width: 6, height: 40, gap: 8 };

/** Dark bars on white, which detection takes for a word: one run of either net. It needs no font and no file. */
export async function warmUpInput(): Promise<ModelInput<typeof ocr>> {
  const pixels = new Uint8Array(side * side).fill(255);
  const top = (side - bar.height) / 2;
  for (let left = side / 4; left < (side * 3) / 4; left += bar.width + bar.gap) {
    for (let y = top; y < top + bar.height; y += 1) pixels.fill(0, y * side + left, y * side + left + bar.width);
  }
  const data = await sharp(pixels, { raw: { width: side, height: side, channels: 1 } })
    .png()
    .toBuffer();
  return {
    file: { data, mediaType: 'image/png' },
    params: OcrParams.parse({ minConfidence: 0, maxSideLength: 640 }),
  };
}
