import { isFailure, type SegmentParams, type SegmentResult, segment } from '@portico/schemas';
import type { z } from 'zod';
import type { LoadContext, LoadedModel, ModelInput } from '@portico/server/model';
import { createSession, installedWeights } from '@portico/server/testing';
import model from '../index.ts';
import { segmentSettings } from '../settings.ts';

export type ParamsGiven = z.input<typeof SegmentParams>;

/** Cuts the people out of an image, and throws the failure where there is no result. */
export type Segmenter = (image: Uint8Array, params?: ParamsGiven) => Promise<SegmentResult>;

/** Loads the model on the CPU from the weights in this repository, as an engine does. */
export const loadSegment = (context: Partial<LoadContext> = {}): Promise<LoadedModel<typeof segment>> =>
  model.load({
    variant: 'selfie',
    weights: installedWeights(segmentSettings.variants['selfie']!, import.meta.url),
    device: 'cpu',
    createSession,
    maxImagePixels: 50e6,
    ...context,
  });

export const inputOf = (data: Uint8Array, params: ParamsGiven = {}): ModelInput<typeof segment> => ({
  file: { data, mediaType: 'image/png' },
  params: segment.params.parse(params),
});

export function segmenterOf(loaded: LoadedModel<typeof segment>): Segmenter {
  return async (image, params) => {
    const [result] = await loaded.run([inputOf(image, params)], { signal: AbortSignal.any([]) });
    if (result === undefined || isFailure(result)) throw result ?? new Error('No result.');
    return segment.output.parse(result);
  };
}
