import type { AudioBlock } from '../audio-block.ts';
import { slices } from '../slices.ts';
import { riffChunks } from './riff-chunks.ts';
import { sampleReader } from './sample-readers.ts';
import { waveFormat } from './wave-format.ts';

/** Decodes PCM, floats, A-law and µ-law. */
export async function* decodeWav(file: Uint8Array): AsyncGenerator<AudioBlock> {
  const { littleEndian, format, samples } = riffChunks(file);
  const { encoding, sampleRate, channels, sampleBytes } = waveFormat(format, littleEndian);
  const read = sampleReader(encoding, sampleBytes, littleEndian);
  const frameBytes = channels * sampleBytes;
  const view = new DataView(samples.buffer, samples.byteOffset, samples.byteLength);
  let at = 0;
  let arrived = 0;
  for await (const slice of slices(samples)) {
    arrived += slice.length;
    // A frame that reaches into the next slice waits for it; one that the file breaks off is left out.
    const length = Math.floor((arrived - at) / frameBytes);
    if (length === 0) continue;
    const planes = Array.from({ length: channels }, () => new Float32Array(length));
    for (let frame = 0; frame < length; frame += 1) {
      for (const plane of planes) {
        plane[frame] = read(view, at);
        at += sampleBytes;
      }
    }
    yield { sampleRate, channels: planes };
  }
}
