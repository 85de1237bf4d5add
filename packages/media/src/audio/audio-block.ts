/** Decoded audio, a moment of it: one plane a channel, all of one length, −1 to 1. */
export interface AudioBlock {
  /** In hertz. */
  readonly sampleRate: number;
  readonly channels: readonly Float32Array[];
}
