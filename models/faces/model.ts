import { blendOverlaps, decodeImage, hasMorePages, letterbox, sharp, type Size } from '@portico/media/image';
import { type Failure, faces, FacesParams, type Params } from '@portico/schemas';
import {
  defineModel,
  failureOfInput,
  type ModelInput,
  type ModelOutput,
  refuseIfCancelled,
  weightPath,
} from '@portico/server/model';
import { type Detector, loadDetector } from './detector.ts';
import { toFace } from './to-face.ts';

/** Intersection over union above which two detections are one face: MediaPipe's threshold. */
const maxOverlap = 0.3;

/** How many times as long as it is wide a picture may be, before a face has to fill much of its width to be found. */
const longRatio = 4;

/** Finds faces: MediaPipe's BlazeFace looks once at the whole picture, scaled into a square. */
export default defineModel(faces, {
  async load(context) {
    const side = context.variant === 'front' ? 128 : 256;
    const detect = await loadDetector(context, weightPath(context.weights, 'network'), side);
    return { detect, side, maxImagePixels: context.maxImagePixels };
  },
  async run(inputs, { loaded, signal }) {
    const results: (ModelOutput<typeof faces> | Failure)[] = [];
    for (const { file, params } of inputs) {
      results.push(await findFaces(file.data, { ...loaded, params, signal }).catch(failureOfInput));
    }
    return results;
  },
  warmUp: warmUpInput,
});

interface FindFacesOptions {
  readonly detect: Detector;
  /** Of the square that the detector looks at, in pixels. */
  readonly side: number;
  readonly maxImagePixels: number;
  readonly params: Params<typeof faces>;
  readonly signal: AbortSignal;
}

/**
 * Finds the faces of an encoded image.
 *
 * @throws {Failure} when the file is no usable image, and `CANCELLED` once the signal is aborted.
 */
async function findFaces(file: Uint8Array, options: FindFacesOptions): Promise<ModelOutput<typeof faces>> {
  const { detect, side, maxImagePixels, params, signal } = options;
  refuseIfCancelled(signal);
  const image = await decodeImage(file, { maxPixels: maxImagePixels });
  const square = await letterbox(image, { width: side, height: side });
  refuseIfCancelled(signal);
  const found = blendOverlaps(await detect(square.image, params.minConfidence), maxOverlap);
  return {
    ...image.original,
    faces: found.slice(0, params.maxFaces).map((detection) => toFace(detection, square)),
    warnings: [
      ...(hasMorePages(file) ? [{ code: 'firstPage' as const }] : []),
      ...(isLong(image.original) ? [{ code: 'scaledDown' as const }] : []),
    ],
  };
}

/** A face has to fill 5 % of the longer side, and so more than a fifth of the shorter. */
const isLong = ({ width, height }: Size): boolean => Math.max(width, height) > longRatio * Math.min(width, height);

/** A grey picture and no least confidence: the network runs whatever it sees, and all its outputs are decoded. */
async function warmUpInput(): Promise<ModelInput<typeof faces>> {
  const data = await sharp({ create: { width: 320, height: 240, channels: 3, background: '#777' } })
    .png()
    .toBuffer();
  return { file: { data, mediaType: 'image/png' }, params: FacesParams.parse({ minConfidence: 0 }) };
}
