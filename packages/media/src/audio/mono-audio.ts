import { type EncodedFile, Failure } from '@portico/schemas';
import { decodeAudio } from './decode-audio.ts';
import type { RecordingLimits } from './progress.ts';
import { Resampler } from './resampler.ts';

/** Each change takes a filter of its own; chained recordings have a handful. */
const maxRateChanges = 100;

/**
 * Decodes a recording as `decodeAudio` does, mixed down to one channel and resampled, piece by piece: a model that works on frames
 * never holds the whole of it.
 *
 * @param sampleRate of the result, in whole hertz
 * @returns pieces of any length, −1 to 1, in order; together as long as the recording
 * @throws {Failure} as `decodeAudio` does, and `BAD_INPUT` when the file holds no sound at all.
 */
export async function* monoAudio(
  file: EncodedFile,
  sampleRate: number,
  limits: RecordingLimits = {},
): AsyncGenerator<Float32Array> {
  let resampler: Resampler | undefined;
  let rate = 0;
  let rateChanges = 0;
  let isEmpty = true;
  for await (const block of decodeAudio(file, sampleRate, limits)) {
    const samples = mixDown(block.channels);
    isEmpty &&= samples.length === 0;
    if (block.sampleRate !== rate) {
      // A chained file may change its rate on the way.
      if (resampler !== undefined) yield resampler.end();
      rateChanges += 1;
      if (rateChanges > maxRateChanges)
        throw new Failure('BAD_INPUT', 'The recording changes its sample rate too often.');
      rate = block.sampleRate;
      resampler = rate === sampleRate ? undefined : new Resampler(rate, sampleRate);
    }
    yield resampler?.push(samples) ?? samples;
  }
  if (resampler !== undefined) yield resampler.end();
  if (isEmpty) throw new Failure('BAD_INPUT', 'The file holds no sound that could be decoded.');
}

/**
 * Mixes channels down to one, −1 to 1: the mean of two; of more, where mostly one of them speaks, their sum divided by the square root
 * of their number, clipped where it is too loud. NaN counts as silence.
 *
 * @param channels of one length, −1 to 1
 */
export function mixDown(channels: readonly Float32Array[]): Float32Array {
  const [first = new Float32Array(0)] = channels;
  const share = channels.length > 2 ? Math.sqrt(channels.length) : channels.length;
  const mixed = new Float32Array(first.length);
  for (let at = 0; at < mixed.length; at += 1) {
    let sum = 0;
    for (const channel of channels) sum += channel[at]!;
    mixed[at] = Math.max(-1, Math.min(1, sum / share)) || 0;
  }
  return mixed;
}
