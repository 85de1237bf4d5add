import { type Failure, type VadResult, vad } from '@portico/schemas';
import { defineModel, failureOfInput, weightPath } from '@portico/server/model';
import { findSpeech } from './find-speech.ts';
import { loadSpeechDetector } from './speech-detector.ts';
import { warmUpInput } from './warm-up-input.ts';

/** Finds speech: Silero VAD listens to the recording, 32 ms at a time. */
export default defineModel(vad, {
  load: (context) => loadSpeechDetector(context, weightPath(context.weights, 'network')),
  async run(inputs, { loaded: begin, signal }) {
    const results: (VadResult | Failure)[] = [];
    for (const input of inputs) results.push(await findSpeech(input, begin(), signal).catch(failureOfInput));
    return results;
  },
  warmUp: warmUpInput,
});
