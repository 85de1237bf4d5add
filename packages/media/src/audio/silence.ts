import type { EncodedFile } from '@portico/schemas';

/**
 * Silence as a WAV file of eight bits, for the warm-up of a model.
 *
 * @param sampleRate in whole hertz
 */
export function silence(sampleRate: number, seconds = 1): EncodedFile {
  const samples = Math.round(sampleRate * seconds);
  const head = Buffer.alloc(44);
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE(36 + samples, 4);
  head.write('WAVEfmt ', 8, 'latin1');
  head.writeUInt32LE(16, 16);
  // Plain samples, one channel.
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(sampleRate, 24);
  head.writeUInt32LE(sampleRate, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write('data', 36, 'latin1');
  head.writeUInt32LE(samples, 40);
  return { data: Buffer.concat([head, Buffer.alloc(samples, 128)]), mediaType: 'audio/wav' };
}
