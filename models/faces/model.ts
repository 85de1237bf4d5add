import { type Failure, type FacesResult, faces } from '@portico/schemas';
import { defineModel, failureOfInput, weightPath } from '@portico/server/model';
import { loadDetector } from './detector.ts';
import { findFaces } from './find-faces.ts';
import { warmUpInput } from './warm-up-input.ts';

/** Finds faces: MediaPipe's BlazeFace looks once at the whole picture, scaled into a square. */
export default defineModel(faces, {
  async load(context) {
    const side = context.variant === 'front' ? 128 : 256;
    const detect = await loadDetector(context, weightPath(context.weights, 'network'), side);
    return { detect, side, maxImagePixels: context.maxImagePixels };
  },
  async run(inputs, { loaded, signal }) {
    const results: (FacesResult | Failure)[] = [];
    for (const { file, params } of inputs) {
      results.push(await findFaces(file.data, { ...loaded, params, signal }).catch(failureOfInput));
    }
    return results;
  },
  warmUp: warmUpInput,
});
