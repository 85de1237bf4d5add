import { monoAudio } from '@portico/media';
import type { SpeechSegment, VadResult, vad } from '@portico/schemas';
import { type ModelInput, refuseIfCancelled } from '@portico/server/model';
import { frameLength, frames, sampleRate, type SpeechDetector } from './detector.ts';
import { seconds, Segmenter } from './segmenter.ts';

/**
 * Finds the speech in an encoded recording; each segment is emitted as soon as it is final.
 *
 * @throws {Failure} when the file is no usable recording, and `CANCELLED` once the signal is aborted.
 */
export async function findSpeech(
  { file, params, emit }: ModelInput<typeof vad>,
  detect: SpeechDetector,
  signal: AbortSignal,
): Promise<VadResult> {
  const segments: SpeechSegment[] = [];
  const segmenter = new Segmenter(params, (segment) => {
    segments.push(segment);
    emit(segment);
  });
  let length = 0;
  refuseIfCancelled(signal);
  for await (const frame of frames(monoAudio(file, sampleRate), frameLength)) {
    segmenter.push(await detect(frame.samples));
    length += frame.length;
    refuseIfCancelled(signal);
  }
  segmenter.end(length);
  return { durationSeconds: seconds(length), segments };
}
