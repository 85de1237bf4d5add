import type { FacesResult, Params, faces } from '@portico/schemas';
import { decodeImage } from '@portico/media';
import { refuseIfCancelled } from '@portico/server/model';
import type { Detector } from './detector.ts';
import { letterbox } from './letterbox.ts';
import { suppress } from './suppress.ts';
import { toFace } from './to-face.ts';

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
  const seen = await letterbox(image, side);
  refuseIfCancelled(signal);
  const found = suppress(await detect(seen.square, params.minConfidence));
  return {
    ...image.original,
    faces: found.slice(0, params.maxFaces).map((candidate) => toFace(candidate, seen, image.original)),
  };
}
