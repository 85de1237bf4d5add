import { Failure } from '@portico/schemas';
import type { Progress } from './progress.ts';

const minSampleRate = 4_000;
const maxSampleRate = 384_000;
const maxChannels = 32;
const maxDamagedPieces = 1_000;
const sliceBytes = 64 * 1024;

/** A moment of decoded audio: one plane for each channel, all of one length, −1 to 1. */
export interface AudioBlock {
  /** In hertz. */
  readonly sampleRate: number;
  readonly channels: readonly Float32Array[];
}

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

/** Counts the pieces that a decoder left out. The decoding libraries log a line for each. */
export class Damage {
  readonly #progress: Progress;
  #pieces = 0;

  constructor(progress: Progress) {
    this.#progress = progress;
  }

  /** @throws {Failure} `BAD_INPUT` when too much of the recording is damaged. */
  count(pieces: number): void {
    if (pieces > 0) this.#progress.damaged();
    this.#pieces += pieces;
    if (this.#pieces > maxDamagedPieces)
      throw new Failure('BAD_INPUT', `More than ${maxDamagedPieces} pieces of the recording are damaged.`);
  }
}

/** The bytes of a file, 64 KiB at a time. */
export async function* slices(file: Uint8Array, progress: Progress): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < file.length; start += sliceBytes) {
    yield file.subarray(start, start + sliceBytes);
    await progress.turn();
  }
}
