import { type EncodedFile, Failure } from '@portico/schemas';
import { decodeAudio } from './decode-audio.ts';
import { Resampler } from './resampler.ts';

/** Longer recordings would outlast the deadline of a run: they are refused in so many words instead. */
const maxHours = 12;
/** Each change takes a filter of its own; chained recordings have a handful. */
const maxRateChanges = 100;

/**
 * Decodes a recording as `decodeAudio` does, mixed down to one channel and resampled, piece by piece: a model that works on frames
 * never holds the whole of it.
 *
 * @param sampleRate of the result, in whole hertz
 * @returns pieces of any length, −1 to 1, in order; together as long as the recording
 * @throws {Failure} while it is read: `BAD_INPUT` when the file is no usable recording or holds no sound at all, `TOO_LARGE` after
 * 12 hours.
 */
export async function* monoAudio(file: EncodedFile, sampleRate: number): AsyncGenerator<Float32Array> {
  let resampler: Resampler | undefined;
  let rate = 0;
  let rateChanges = 0;
  let seconds = 0;
  for await (const block of decodeAudio(file, sampleRate)) {
    const samples = mixDown(block.channels);
    seconds += samples.length / block.sampleRate;
    if (seconds > maxHours * 3_600) throw new Failure('TOO_LARGE', `The recording is longer than ${maxHours} hours.`);
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
  if (seconds === 0) throw new Failure('BAD_INPUT', 'The file holds no sound that could be decoded.');
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
