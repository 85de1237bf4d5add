import { isFailure, type SpeechSegment, vad, type VadParams, type VadResult } from '@portico/schemas';
import type { z } from 'zod';
import type { LoadContext, ModelInput } from '@portico/server/model';
import { type LoadedModel, loadModel } from '@portico/server/testing';
import { vadModel } from '../index.ts';
import model from '../model.ts';

export type ParamsGiven = z.input<typeof VadParams>;

/** Loads the model on the CPU from the installed weights, as an engine does. */
export const loadVad = (context: Partial<LoadContext> = {}): Promise<LoadedModel<typeof vad>> =>
  loadModel({ model, registered: vadModel, context });

export const inputOf = (
  data: Uint8Array,
  params: ParamsGiven = {},
  emit: (segment: SpeechSegment) => void = () => {},
): ModelInput<typeof vad> => ({ file: { data, mediaType: 'audio/wav' }, params: vad.params.parse(params), emit });

/** Finds speech in a recording, and throws the failure where there is no result. */
export async function listen(
  loaded: LoadedModel<typeof vad>,
  ...input: Parameters<typeof inputOf>
): Promise<VadResult> {
  const [result] = await loaded.run([inputOf(...input)]);
  if (result === undefined || isFailure(result)) throw result ?? new Error('No result.');
  return vad.output.parse(result);
}
