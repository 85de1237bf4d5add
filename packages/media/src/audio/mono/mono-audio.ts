import { Failure } from '@portico/schemas';
import type { EncodedFile } from '@portico/schemas';
import { decodeAudio } from '../decode-audio.ts';
import { mixDown } from './mix-down.ts';
import { Resampler } from './resampler.ts';

/** A run has a deadline; this says so before it passes. */
const maxHours = 12;
/** Each change takes a filter of its own; recordings put one behind another have a handful. */
const maxRateChanges = 100;

/**
 * A recording mixed down to one channel at a sample rate in hertz, piece by piece.
 *
 * @throws {Failure} `BAD_INPUT` when the file is no usable recording or holds no sound at all, `TOO_LARGE` after 12 hours.
 */
export async function* monoAudio(file: EncodedFile, sampleRate: number): AsyncGenerator<Float32Array> {
  let resampler: Resampler | undefined;
  let rate = 0;
  let rateChanges = 0;
  let seconds = 0;
  for await (const block of decodeAudio(file)) {
    const samples = mixDown(block.channels);
    seconds += samples.length / block.sampleRate;
    if (seconds > maxHours * 3_600) throw new Failure('TOO_LARGE', `The recording is longer than ${maxHours} hours.`);
    if (block.sampleRate !== rate) {
      // A chain may change its rate on the way.
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
