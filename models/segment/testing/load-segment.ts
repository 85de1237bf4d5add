import { isFailure, type SegmentParams, type SegmentResult, segment } from '@portico/schemas';
import type { z } from 'zod';
import type { LoadContext, ModelInput } from '@portico/server/model';
import { type LoadedModel, loadModel } from '@portico/server/testing';
import { segmentModel } from '../index.ts';
import model from '../model.ts';

export type ParamsGiven = z.input<typeof SegmentParams>;

/** Cuts the people out of an image, and throws the failure where there is no result. */
export type Segmenter = (image: Uint8Array, params?: ParamsGiven) => Promise<SegmentResult>;

/** Loads the model on the CPU from the weights in this repository, as an engine does. */
export const loadSegment = (context: Partial<LoadContext> = {}): Promise<LoadedModel<typeof segment>> =>
  loadModel({ model, registered: segmentModel, context });

export const inputOf = (data: Uint8Array, params: ParamsGiven = {}): ModelInput<typeof segment> => ({
  file: { data, mediaType: 'image/png' },
  params: segment.params.parse(params),
});

export function segmenterOf(loaded: LoadedModel<typeof segment>): Segmenter {
  return async (image, params) => {
    const [result] = await loaded.run([inputOf(image, params)]);
    if (result === undefined || isFailure(result)) throw result ?? new Error('No result.');
    return segment.output.parse(result);
  };
}
