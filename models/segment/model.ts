import { type Failure, type SegmentResult, segment } from '@portico/schemas';
import { defineModel, failureOfInput, weightPath } from '@portico/server/model';
import { loadNetwork } from './network.ts';
import { segmentPeople } from './segment-people.ts';
import { warmUpInput } from './warm-up-input.ts';

/** Finds people: MediaPipe's network looks once at the whole picture, and its mask is fitted to the edges in it. */
export default defineModel(segment, {
  async load(context) {
    const look = await loadNetwork(context, weightPath(context.weights, 'network'));
    return { look, maxImagePixels: context.maxImagePixels };
  },
  async run(inputs, { loaded, signal }) {
    const results: (SegmentResult | Failure)[] = [];
    for (const { file, params } of inputs) {
      results.push(await segmentPeople(file.data, { ...loaded, params, signal }).catch(failureOfInput));
    }
    return results;
  },
  warmUp: warmUpInput,
});
