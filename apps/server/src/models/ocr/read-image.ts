import { Failure, type OcrLine, type OcrResult, type Params, type ocr } from '@portico/schemas';
import { decodeImage } from '../media/decode-image.ts';
import type { Detector } from './detection/detector.ts';
import { inReadingOrder } from './reading-order.ts';
import type { Recogniser } from './recognition/recogniser.ts';
import { cornersOf } from './box.ts';

export interface ReadImageOptions {
  readonly detect: Detector;
  readonly recognise: Recogniser;
  readonly maxImagePixels: number;
  readonly params: Params<typeof ocr>;
  readonly signal: AbortSignal;
}

/**
 * Reads all text of an encoded image.
 *
 * @throws {Failure} when the file is no usable image, and `CANCELLED` once the signal is aborted.
 */
export async function readImage(file: Uint8Array, options: ReadImageOptions): Promise<OcrResult> {
  const { detect, recognise, maxImagePixels, params, signal } = options;
  refuseIfCancelled(signal);
  const image = await decodeImage(file, maxImagePixels);
  refuseIfCancelled(signal);
  const boxes = await detect(image, params.maxSideLength);
  const lines: OcrLine[] = [];
  for (const box of inReadingOrder(boxes)) {
    refuseIfCancelled(signal);
    const { text, confidence } = await recognise(image, box);
    if (text !== '' && confidence >= params.minConfidence) lines.push({ text, confidence, polygon: cornersOf(box) });
  }
  return { width: image.width, height: image.height, text: lines.map(({ text }) => text).join('\n'), lines };
}

function refuseIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new Failure('CANCELLED', 'Nobody waits for this image any more.');
}
