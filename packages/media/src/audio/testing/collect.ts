import type { AudioBlock } from '../audio-block.ts';
import { monoAudio } from '../mono/mono-audio.ts';

/** All pieces in one. */
export async function collect(pieces: AsyncIterable<Float32Array>): Promise<Float32Array> {
  const all: number[] = [];
  for await (const piece of pieces) for (const sample of piece) all.push(sample);
  return Float32Array.from(all);
}

/** A recording at 16 kHz as a model would hear it. */
export const heard = (data: Uint8Array, mediaType = 'audio/wav'): Promise<Float32Array> =>
  collect(monoAudio({ data, mediaType }, 16_000));

/** One channel of all blocks. */
export async function channelOf(blocks: AsyncIterable<AudioBlock>, channel = 0): Promise<Float32Array> {
  const planes = async function* (): AsyncGenerator<Float32Array> {
    for await (const block of blocks) yield block.channels[channel]!;
  };
  return collect(planes());
}
