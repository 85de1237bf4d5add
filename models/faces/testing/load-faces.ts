import { faces, type FacesParams, type FacesResult, isFailure } from '@portico/schemas';
import type { z } from 'zod';
import type { LoadContext, ModelInput } from '@portico/server/model';
import { type LoadedModel, loadModel } from '@portico/server/testing';
import { facesModel } from '../index.ts';
import model from '../model.ts';

export type ParamsGiven = z.input<typeof FacesParams>;

/** Finds faces in an image, and throws the failure where there is no result. */
export type FaceFinder = (image: Uint8Array, params?: ParamsGiven) => Promise<FacesResult>;

/** Loads a variant on the CPU from the installed weights, as an engine does. */
export const loadFaces = (variant = 'back', context: Partial<LoadContext> = {}): Promise<LoadedModel<typeof faces>> =>
  loadModel({ model, registered: facesModel, variant, context });

export const inputOf = (data: Uint8Array, params: ParamsGiven = {}): ModelInput<typeof faces> => ({
  file: { data, mediaType: 'image/png' },
  params: faces.params.parse(params),
});

export function finderOf(loaded: LoadedModel<typeof faces>): FaceFinder {
  return async (image, params) => {
    const [result] = await loaded.run([inputOf(image, params)]);
    if (result === undefined || isFailure(result)) throw result ?? new Error('No result.');
    return faces.output.parse(result);
  };
}
