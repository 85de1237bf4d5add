import { isFailure, type OcrParams, ocr, type OcrResult } from '@portico/schemas';
import type { z } from 'zod';
import type { ModelInput } from '@portico/server/model';
import type { LoadedModel } from '@portico/server/testing';
import { loadOcr } from './load-ocr.ts';

export type ParamsGiven = z.input<typeof OcrParams>;

/** Reads an image, and throws the failure where there is no result. */
export type OcrReader = (image: Uint8Array, params?: ParamsGiven) => Promise<OcrResult>;

export const inputOf = (data: Uint8Array, params: ParamsGiven = {}): ModelInput<typeof ocr> => ({
  file: { data, mediaType: 'image/png' },
  params: ocr.params.parse(params),
});

export function readerOf(loaded: LoadedModel<typeof ocr>): OcrReader {
  return async (image, params) => {
    const [result] = await loaded.run([inputOf(image, params)]);
    if (result === undefined || isFailure(result)) throw result ?? new Error('No result.');
    return ocr.output.parse(result);
  };
}

export const loadReader = async (): Promise<OcrReader> => readerOf(await loadOcr());
