import type { Params, SegmentResult, segment } from '@portico/schemas';
import { decodeImage, decodeOriginal } from '@portico/media';
import { refuseIfCancelled } from '@portico/server/model';
import { cleanEdges, edgeColours } from './edge-colours.ts';
import { lumaOf, maskLines, personMask } from './mask.ts';
import { type Network, side } from './network.ts';
import { cutoutPng, maskPng } from './pictures.ts';
import { stretch } from './planes.ts';

export interface SegmentOptions {
  readonly look: Network;
  readonly maxImagePixels: number;
  readonly params: Params<typeof segment>;
  readonly signal: AbortSignal;
}

/** Pixels of the picture to which the mask is fitted: if square, four times as many a side as the network sees. */
const guidePixels = 1024 * 1024;

/** How far a window reaches, in pixels of the network: as far as the edges in its mask are blurred. */
const windowReach = 1.5;

/**
 * Makes the mask or the cut-out of an encoded image.
 *
 * @throws {Failure} when the file is no usable image, `TOO_LARGE` when the picture would be, and `CANCELLED` once the
 * signal is aborted.
 */
export async function segmentPeople(file: Uint8Array, options: SegmentOptions): Promise<SegmentResult> {
  const { look, maxImagePixels, params, signal } = options;
  refuseIfCancelled(signal);
  const guide = await decodeImage(file, { maxPixels: maxImagePixels, workingPixels: guidePixels });
  refuseIfCancelled(signal);
  const seen = stretch(await look(guide), { width: guide.width, height: guide.height });
  const reach = { x: reachOf(guide.width), y: reachOf(guide.height) };
  const lines = maskLines(lumaOf(guide), seen, reach);
  refuseIfCancelled(signal);
  const original = await decodeOriginal(file, { maxPixels: maxImagePixels });
  const mask = personMask(original, lines);
  if (params.output === 'cutout') cleanEdges(original, mask, edgeColours(guide, seen, reach));
  refuseIfCancelled(signal);
  const png = params.output === 'cutout' ? await cutoutPng(original, mask) : await maskPng(mask, original);
  const image = `data:image/png;base64,${png.toString('base64')}`;
  return { width: original.width, height: original.height, image };
}

/** In pixels of the guide, of which a line has `length`. */
const reachOf = (length: number): number => Math.max(1, Math.round((windowReach * length) / side));
