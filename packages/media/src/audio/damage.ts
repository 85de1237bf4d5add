import { Failure } from '@portico/schemas';

/** Every damaged piece costs a line in the log, which the libraries write by themselves. */
const most = 1_000;

/** Counts what a decoder could not decode and left out. */
export class Damage {
  #pieces = 0;

  /** @throws {Failure} `BAD_INPUT` when too much of the recording is damaged. */
  count(pieces: number): void {
    this.#pieces += pieces;
    if (this.#pieces > most) throw new Failure('BAD_INPUT', `More than ${most} pieces of the recording are damaged.`);
  }
}
