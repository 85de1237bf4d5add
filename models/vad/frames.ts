/** Cuts samples into frames of one length; the last is filled up with silence. A frame is valid until the next. */
export async function* frames(pieces: AsyncIterable<Float32Array>, length: number): AsyncGenerator<Frame> {
  const samples = new Float32Array(length);
  let filled = 0;
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length;) {
      const taken = piece.subarray(at, at + length - filled);
      samples.set(taken, filled);
      filled += taken.length;
      at += taken.length;
      if (filled < length) continue;
      yield { samples, length };
      filled = 0;
    }
  }
  if (filled > 0) yield { samples: samples.fill(0, filled), length: filled };
}

export interface Frame {
  readonly samples: Float32Array;
  /** Samples of the recording in it. */
  readonly length: number;
}
