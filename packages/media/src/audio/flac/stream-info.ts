import { Failure } from '@portico/schemas';
import { refuseFormat } from '../refuse-format.ts';

export const streamInfoLength = 34;

/**
 * The sample rate of a stream in hertz, which its frames need not tell.
 *
 * @throws {Failure} `BAD_INPUT` when its properties are cut off, or none that a recording has.
 */
export function streamSampleRate(info: Uint8Array): number {
  if (info.length < streamInfoLength) throw new Failure('BAD_INPUT', 'The FLAC stream breaks off in its head.');
  const sampleRate = info[10]! * 2 ** 12 + info[11]! * 2 ** 4 + (info[12]! >> 4);
  refuseFormat(sampleRate, ((info[12]! >> 1) & 7) + 1);
  return sampleRate;
}
