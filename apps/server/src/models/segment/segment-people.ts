import type { Params, SegmentResult, segment } from '@portico/schemas';
import { decodeImage } from '../media/decode-image.ts';
import { refuseIfCancelled } from '../refuse-if-cancelled.ts';
import { cutoutPng, maskPng } from './pictures.ts';
import { decodeOriginal } from './decode-original.ts';
import { maskLines } from './guided-filter.ts';
import { lumaOf } from './luma.ts';
import { type Network, side } from './network.ts';
import { personMask } from './person-mask.ts';
import { stretch } from './stretched-plane.ts';

export interface SegmentOptions {
  readonly look: Network;
  readonly maxImagePixels: number;
  readonly params: Params<typeof segment>;
  readonly signal: AbortSignal;
}

/** Pixels of the picture to which the mask is fitted: four times as many a side as the network sees. */
const guidePixels = 1024 * 1024;

/** How far a window reaches in which the mask is fitted, in pixels of the network. */
const windowReach = 1.5;

/**
 * Makes the mask or the cut-out of an encoded image.
 *
 * @throws {Failure} when the file is no usable image, and `CANCELLED` once the signal is aborted.
 */
export async function segmentPeople(file: Uint8Array, options: SegmentOptions): Promise<SegmentResult> {
  const { look, maxImagePixels, params, signal } = options;
  refuseIfCancelled(signal);
  const guide = await decodeImage(file, { maxPixels: maxImagePixels, workingPixels: guidePixels });
  refuseIfCancelled(signal);
  const seen = await look(guide);
  const { width, height } = guide;
  const reach = (length: number): number => Math.max(1, Math.round((windowReach * length) / side));
  const lines = maskLines(lumaOf(guide), stretch(seen, { width, height }), { x: reach(width), y: reach(height) });
  refuseIfCancelled(signal);
  const original = await decodeOriginal(file, maxImagePixels);
  const mask = personMask(original, lines);
  refuseIfCancelled(signal);
  const png = params.output === 'mask' ? await maskPng(mask, original) : await cutoutPng(original, mask);
  return {
    width: original.width,
    height: original.height,
    image: `data:image/png;base64,${png.toString('base64')}`,
  };
}
