import { type OcrLine, OcrParams, type Params, type ocr } from '@portico/schemas';
import { type DecodedImage, decodeImage, hasMorePages, sharp } from '@portico/media/image';
import { type ModelInput, type ModelOutput, refuseIfCancelled } from '@portico/server/model';
import { type Detector, detectionSize } from './detection/detector.ts';
import type { Quad } from './geometry/quad.ts';
import { layOut } from './layout/reading-order.ts';
import { ImageLineReader, type ReadLine, wordsOf } from './reading/read-line.ts';
import { readPage } from './reading/read-page.ts';
import type { Recogniser } from './recognition/recogniser.ts';
import type { TurnClassifier } from './recognition/turn-classifier.ts';

export interface ReadImageOptions {
  readonly detect: Detector;
  readonly recognise: Recogniser;
  readonly classify: TurnClassifier;
  readonly maxImagePixels: number;
  readonly params: Params<typeof ocr>;
  readonly signal: AbortSignal;
}

/** Full-width forms of the ASCII characters ! to ~, U+FF01 to U+FF5E, and the ideographic space. */
const fullWidth = /[\uFF01-\uFF5E\u3000]/g;
/** How far full-width forms are after their ASCII characters (Unicode, Halfwidth and Fullwidth Forms). */
const fullWidthOffset = 0xfe_e0;

/** Pixels that a capital letter needs in what the detector sees: with less than 5 lines are missed, from 6 on they are found. */
const minPrintHeight = 6;
/** Above it, what a person reads easily in the original may be too small. */
const maxScale = 4;

/** In pixels. */
const warmUpSide = 320;
const warmUpBar = { width: 6, height: 40, gap: 8 };

/**
 * Reads all text of an encoded image.
 *
 * @throws {Failure} when the file is no usable image, and `CANCELLED` once the signal is aborted.
 */
export async function readImage(file: Uint8Array, options: ReadImageOptions): Promise<ModelOutput<typeof ocr>> {
  const { detect, recognise, classify, maxImagePixels, params, signal } = options;
  refuseIfCancelled(signal);
  const image = await decodeImage(file, { maxPixels: maxImagePixels });
  refuseIfCancelled(signal);
  const detectTilted = (tilt: number) => detect(image, params.maxSideLength, tilt);
  const reader = new ImageLineReader(image, recognise, classify, signal);
  const page = await readPage(detectTilted, reader, params.detectOrientation);
  const confident = page.lines.filter(({ text, confidence }) => text !== '' && confidence >= params.minConfidence);
  const { lines, text } = layOut(confident, page.angle);
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
  return {
    ...image.original,
    angle: page.angle,
    text: write(text),
    lines: lines.map(toLine),
    warnings: warningsOf(file, image, params),
  };
}

function warningsOf(
  file: Uint8Array,
  { original }: DecodedImage,
  { maxSideLength }: Params<typeof ocr>,
): ModelOutput<typeof ocr>['warnings'] {
  const seen = detectionSize(original, maxSideLength);
  const scale = Math.max(original.width / seen.width, original.height / seen.height);
  const missed = `Print lower than some ${Math.round(minPrintHeight * scale)} pixels may be missed`;
  const scaled = `The image was scaled down to ${seen.width} × ${seen.height} pixels to find its text. ${missed}: raise maxSideLength, or send parts of it.`;
  return [
    ...(hasMorePages(file) ? [{ code: 'firstPage' as const }] : []),
    ...(scale > maxScale ? [{ code: 'scaledDown' as const, message: scaled }] : []),
  ];
}

/** Moves corners in the decoded pixels to the upright original, inside of it, to a tenth of a pixel. */
export function onOriginal({ width, height, original }: DecodedImage): (quad: Quad) => OcrLine['polygon'] {
  const place = (value: number, side: number, originalSide: number): number =>
    Math.min(originalSide, Math.max(0, Math.round((value * originalSide * 10) / side) / 10));
  return (quad) =>
    quad.map(({ x, y }) => ({ x: place(x, width, original.width), y: place(y, height, original.height) }));
}

/** Writes full-width ASCII and the ideographic space in half width; everything else stays, as kana and 。、 do. */
export const halfWidth = (text: string): string =>
  text.replace(fullWidth, (character) =>
    character === '\u3000' ? ' ' : String.fromCharCode(character.charCodeAt(0) - fullWidthOffset),
  );

/** Dark bars on white, which the detector takes for a word: one run of each net. It needs no font and no file. */
export async function warmUpInput(): Promise<ModelInput<typeof ocr>> {
  const [side, bar] = [warmUpSide, warmUpBar];
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
