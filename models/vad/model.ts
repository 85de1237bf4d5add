import { audioWindows, monoAudio, silence } from '@portico/media/audio';
import { type Failure, type SpeechSegment, vad, VadParams } from '@portico/schemas';
import {
  defineModel,
  failureOfInput,
  type ModelInput,
  type ModelOutput,
  refuseIfCancelled,
  weightPath,
} from '@portico/server/model';
import { frameLength, loadSpeechDetector, sampleRate, type SpeechDetector } from './detector.ts';
import { seconds, Segmenter } from './segmenter.ts';

/** Finds speech: Silero VAD listens to the recording, 32 ms at a time. */
export default defineModel(vad, {
  async load(context) {
    const begin = await loadSpeechDetector(context, weightPath(context.weights, 'network'));
    return { begin, maxSeconds: context.maxRecordingSeconds };
  },
  async run(inputs, { loaded: { begin, maxSeconds }, signal }) {
    const results: (ModelOutput<typeof vad> | Failure)[] = [];
    for (const input of inputs)
      results.push(await findSpeech(input, begin(), { maxSeconds, signal }).catch(failureOfInput));
    return results;
  },
  warmUp: warmUpInput,
});

interface FindSpeechLimits {
  readonly maxSeconds: number;
  readonly signal: AbortSignal;
}

/**
 * Finds the speech in an encoded recording; each segment is emitted as soon as it is final.
 *
 * @throws {Failure} when the file is no usable recording, and `CANCELLED` once the signal is aborted.
 */
async function findSpeech(
  { file, params, emit }: ModelInput<typeof vad>,
  detect: SpeechDetector,
  limits: FindSpeechLimits,
): Promise<ModelOutput<typeof vad>> {
  const segments: SpeechSegment[] = [];
  const segmenter = new Segmenter(params, (segment) => {
    segments.push(segment);
    emit(segment);
  });
  let length = 0;
  let isDamaged = false;
  const onDamage = (): void => void (isDamaged = true);
  refuseIfCancelled(limits.signal);
  for await (const frame of audioWindows(monoAudio(file, sampleRate, { ...limits, onDamage }), {
    length: frameLength,
  })) {
    segmenter.push(await detect(frame.samples));
    length += frame.length;
    refuseIfCancelled(limits.signal);
  }
  segmenter.end(length);
  return { durationSeconds: seconds(length), segments, warnings: isDamaged ? [{ code: 'damaged' }] : [] };
}

/** The network does the same for every frame, whatever is heard in it. */
function warmUpInput(): ModelInput<typeof vad> {
  return { file: silence(sampleRate), params: VadParams.parse({}), emit: () => {} };
}
