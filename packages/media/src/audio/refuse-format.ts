import { Failure } from '@portico/schemas';

const minSampleRate = 4_000;
const maxSampleRate = 384_000;
const maxChannels = 32;

/** @throws {Failure} `BAD_INPUT` for sample rates (in hertz) and channel counts that no recording has. */
export function refuseFormat(sampleRate: number, channels: number): void {
  if (!(sampleRate >= minSampleRate && sampleRate <= maxSampleRate)) {
    throw new Failure(
      'BAD_INPUT',
      `A sample rate of ${sampleRate} Hz is not from ${minSampleRate} to ${maxSampleRate}.`,
    );
  }
  if (!(channels >= 1 && channels <= maxChannels)) {
    throw new Failure('BAD_INPUT', `${channels} channels are not from 1 to ${maxChannels}.`);
  }
}
