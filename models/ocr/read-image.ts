import type { OcrLine, OcrResult, Params, ocr } from '@portico/schemas';
import { decodeImage } from '@portico/media';
import { refuseIfCancelled } from '@portico/server/model';
import type { Detector } from './detection/detector.ts';
import { onOriginal } from './geometry/on-original.ts';
import { layOut } from './layout/lay-out.ts';
import { halfWidth } from './layout/half-width.ts';
import type { TurnClassifier } from './orientation/turn-classifier.ts';
import { type ReadLine, LineReader } from './reading/line-reader.ts';
import { readPage } from './reading/read-page.ts';
import { wordsOf } from './reading/words.ts';
import type { Recogniser } from './recognition/recogniser.ts';

export interface ReadImageOptions {
  readonly detect: Detector;
  readonly recognise: Recogniser;
  readonly classify: TurnClassifier;
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
  const { detect, recognise, classify, maxImagePixels, params, signal } = options;
  refuseIfCancelled(signal);
  const image = await decodeImage(file, { maxPixels: maxImagePixels });
  refuseIfCancelled(signal);
  const look = (tilt: number) => detect(image, params.maxSideLength, tilt);
  const reader = new LineReader(image, recognise, classify, signal);
  const page = await readPage(look, reader, params.detectOrientation);
  const sure = page.lines.filter(({ text, confidence }) => text !== '' && confidence >= params.minConfidence);
  const { lines, text } = layOut(sure, page.angle);
  const write = params.halfWidth ? halfWidth : (words: string): string => words;
  const place = onOriginal(image);
  const toLine = (line: ReadLine): OcrLine => ({
    text: write(line.text),
    confidence: line.confidence,
    polygon: place(line.polygon),
    ...(params.words && {
      words: wordsOf(line).map((word) => ({ ...word, text: write(word.text), polygon: place(word.polygon) })),
    }),
  });
  return { ...image.original, angle: page.angle, text: write(text), lines: lines.map(toLine) };
}
