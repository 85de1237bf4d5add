import { blendOverlaps, decodeImage, letterbox } from '@portico/media';
import type { FacesResult, Params, faces } from '@portico/schemas';
import { refuseIfCancelled } from '@portico/server/model';
import type { Detector } from './detector.ts';
import { toFace } from './to-face.ts';

/** MediaPipe's threshold for its face detection. */
const maxOverlap = 0.3;

export interface FindFacesOptions {
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
export async function findFaces(file: Uint8Array, options: FindFacesOptions): Promise<FacesResult> {
  const { detect, side, maxImagePixels, params, signal } = options;
  refuseIfCancelled(signal);
  const image = await decodeImage(file, { maxPixels: maxImagePixels });
  const square = await letterbox(image, { width: side, height: side });
  refuseIfCancelled(signal);
  const found = blendOverlaps(await detect(square.image, params.minConfidence), maxOverlap);
  return {
    ...image.original,
    faces: found.slice(0, params.maxFaces).map((detection) => toFace(detection, square)),
  };
}
