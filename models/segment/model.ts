import { decodeImage, decodeOriginal, hasMorePages, sharp } from '@portico/media/image';
import { type Failure, type Params, segment, SegmentParams } from '@portico/schemas';
import {
  defineModel,
  failureOfInput,
  type ModelInput,
  type ModelOutput,
  refuseIfCancelled,
  toDataUrl,
  weightPath,
} from '@portico/server/model';
import { cleanEdges, edgeColours } from './edge-colours.ts';
import { lumaOf, maskLines, personMask } from './mask.ts';
import { loadNetwork, type Network, side } from './network.ts';
import { cutoutPng, maskPng } from './pictures.ts';
import { stretch } from './planes.ts';

/** Pixels of the picture to which the mask is fitted: if square, four times as many a side as the network sees. */
const guidePixels = 1024 * 1024;

/** How far a window reaches, in pixels of the network: as far as the edges in its mask are blurred. */
const windowReach = 1.5;

/** Finds people: MediaPipe's network looks once at the whole picture, and its mask is fitted to the edges in it. */
export default defineModel(segment, {
  async load(context) {
    const look = await loadNetwork(context, weightPath(context.weights, 'network'));
    return { look, maxImagePixels: context.maxImagePixels };
  },
  async run(inputs, { loaded, signal }) {
    const results: (ModelOutput<typeof segment> | Failure)[] = [];
    for (const { file, params } of inputs) {
      results.push(await segmentPeople(file.data, { ...loaded, params, signal }).catch(failureOfInput));
    }
    return results;
  },
  warmUp: warmUpInput,
});

interface SegmentOptions {
  readonly look: Network;
  readonly maxImagePixels: number;
  readonly params: Params<typeof segment>;
  readonly signal: AbortSignal;
}

/**
 * Makes the mask or the cut-out of an encoded image.
 *
 * @throws {Failure} when the file is no usable image, `TOO_LARGE` when the picture would be, and `CANCELLED` once the
 * signal is aborted.
 */
async function segmentPeople(file: Uint8Array, options: SegmentOptions): Promise<ModelOutput<typeof segment>> {
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
  const { width, height } = original;
  const warnings = hasMorePages(file) ? [{ code: 'firstPage' as const }] : [];
  return { width, height, image: toDataUrl(png, 'image/png'), warnings };
}

/** In pixels of the guide, of which a line has `length`. */
const reachOf = (length: number): number => Math.max(1, Math.round((windowReach * length) / side));

/** A grey picture, cut out: everything runs, whatever is on it. */
async function warmUpInput(): Promise<ModelInput<typeof segment>> {
  const data = await sharp({ create: { width: 320, height: 240, channels: 3, background: '#777' } })
    .png()
    .toBuffer();
  return { file: { data, mediaType: 'image/png' }, params: SegmentParams.parse({ output: 'cutout' }) };
}
