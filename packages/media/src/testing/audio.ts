import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AudioBlock } from '../audio/audio-block.ts';
import { monoAudio } from '../audio/mono-audio.ts';

/** Length of the sample at 16 kHz. */
export const speechLength = 102_699;

/** The sample as it was made, and what lossy encoders made of it. */
export const speechFile = (kind: 'flac' | 'mp3' | 'opus' | 'ogg'): Promise<Buffer> =>
  readFile(
    kind === 'flac'
      ? join(import.meta.dirname, '../../../../samples/speech.flac')
      : join(import.meta.dirname, `files/speech.${kind}`),
  );

/** A recording at 16 kHz, as a model would get it. */
export const decodedMono = (data: Uint8Array, mediaType = 'audio/wav'): Promise<Float32Array> =>
  collect(monoAudio({ data, mediaType }, 16_000));

/** Whether pieces of a recording are left out because they are damaged. */
export async function isDamaged(data: Uint8Array): Promise<boolean> {
  let reports = 0;
  await collect(monoAudio({ data, mediaType: 'audio/wav' }, 16_000, { onDamage: () => (reports += 1) }));
  if (reports > 1) throw new Error(`It was reported ${reports} times.`);
  return reports === 1;
}

/** One channel of all blocks. */
export async function channelOf(blocks: AsyncIterable<AudioBlock>, channel = 0): Promise<Float32Array> {
  const planes = async function* (): AsyncGenerator<Float32Array> {
    for await (const block of blocks) yield block.channels[channel]!;
  };
  return collect(planes());
}

/** All pieces in one. */
export async function collect(pieces: AsyncIterable<Float32Array>): Promise<Float32Array> {
  const all: number[] = [];
  for await (const piece of pieces) for (const sample of piece) all.push(sample);
  return Float32Array.from(all);
}

/** A sine of half the full scale; frequencies in hertz. */
export const sine = (frequency: number, sampleRate: number, length: number): Float32Array =>
  Float32Array.from({ length }, (_, at) => 0.5 * Math.sin((2 * Math.PI * frequency * at) / sampleRate));
