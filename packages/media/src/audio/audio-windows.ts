/** How a network takes a recording piece by piece, in samples. */
export interface WindowSize {
  /** Of a window. */
  readonly length: number;
  /**
   * From the start of a window to the start of the next; less than `length` where windows overlap, and more where samples between them
   * are left out.
   *
   * @default length
   */
  readonly hop?: number;
}

/** A piece of a recording, as long as a network takes it. */
export interface AudioWindow {
  /** Valid until the next window is taken: copy what you keep. */
  readonly samples: Float32Array;
  /** The first sample's place in the recording. */
  readonly start: number;
  /** Samples of the recording in it; the rest is silence, at the end of the recording. */
  readonly length: number;
}

/**
 * Cuts samples, such as those of `monoAudio`, into windows of one length. The last one is filled up with silence; there is none for
 * samples that a window before has already had to its end.
 *
 * @throws {RangeError} when `length` or `hop` is not a whole number above 0.
 */
export async function* audioWindows(
  pieces: AsyncIterable<Float32Array>,
  { length, hop = length }: WindowSize,
): AsyncGenerator<AudioWindow> {
  if (!(Number.isInteger(length) && Number.isInteger(hop) && length > 0 && hop > 0))
    throw new RangeError(`Windows of ${length} samples every ${hop} are not whole numbers above 0.`);
  const samples = new Float32Array(length);
  let start = 0;
  let filled = 0;
  /** Samples at the beginning that the window before had too. */
  let seen = 0;
  /** Samples to leave out before the next window. */
  let skipped = 0;
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length;) {
      const leftOut = Math.min(skipped, piece.length - at);
      skipped -= leftOut;
      at += leftOut;
      const taken = piece.subarray(at, at + length - filled);
      samples.set(taken, filled);
      filled += taken.length;
      at += taken.length;
      if (filled < length) continue;
      yield { samples, start, length };
      start += hop;
      seen = Math.max(0, length - hop);
      skipped = Math.max(0, hop - length);
      samples.copyWithin(0, hop);
      filled = seen;
    }
  }
  if (filled > seen) yield { samples: samples.fill(0, filled), start, length: filled };
}
