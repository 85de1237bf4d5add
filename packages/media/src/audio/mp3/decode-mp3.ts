import { MPEGDecoder } from 'mpg123-decoder';
import type { AudioBlock } from '../audio-block.ts';
import { Damage } from '../damage.ts';
import { slices } from '../slices.ts';

/** Decodes MPEG audio, tags skipped; the silence that encoders add at both ends is left out where the file tells of it. */
export async function* decodeMp3(file: Uint8Array): AsyncGenerator<AudioBlock> {
  const decoder = new MPEGDecoder();
  await decoder.ready;
  const damage = new Damage();
  try {
    for await (const slice of slices(file)) {
      const { channelData, samplesDecoded, sampleRate, errors } = decoder.decode(slice);
      damage.count(errors.length);
      if (samplesDecoded > 0) yield { sampleRate, channels: channelData };
    }
  } finally {
    decoder.free();
  }
}
