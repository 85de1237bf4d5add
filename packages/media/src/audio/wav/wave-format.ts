import { Failure } from '@portico/schemas';
import { refuseFormat } from '../refuse-format.ts';
import type { Encoding } from './sample-readers.ts';

export interface WaveFormat {
  readonly encoding: Encoding;
  readonly sampleRate: number;
  readonly channels: number;
  /** Bytes of one sample of one channel. */
  readonly sampleBytes: number;
}

/** Format tags of WAVE files (RFC 2361). */
const encodings: Readonly<Record<number, { encoding: Encoding; sampleBytes: readonly number[] }>> = {
  1: { encoding: 'integer', sampleBytes: [1, 2, 3, 4] },
  3: { encoding: 'float', sampleBytes: [4, 8] },
  6: { encoding: 'a-law', sampleBytes: [1] },
  7: { encoding: 'mu-law', sampleBytes: [1] },
};
/** The tag proper is then the head of a GUID, 24 bytes in. */
const extensible = 0xfffe;

/** @throws {Failure} `BAD_INPUT` for what cannot be decoded. */
export function waveFormat(chunk: DataView, littleEndian: boolean): WaveFormat {
  if (chunk.byteLength < 16) throw new Failure('BAD_INPUT', 'The format chunk of the WAV file is too short.');
  const declared = chunk.getUint16(0, littleEndian);
  const tag = declared === extensible && chunk.byteLength >= 26 ? chunk.getUint16(24, littleEndian) : declared;
  const channels = chunk.getUint16(2, littleEndian);
  const sampleRate = chunk.getUint32(4, littleEndian);
  const bits = chunk.getUint16(14, littleEndian);
  refuseFormat(sampleRate, channels);
  const sampleBytes = Math.ceil(bits / 8);
  const known = encodings[tag];
  if (known === undefined || !known.sampleBytes.includes(sampleBytes)) {
    throw new Failure(
      'BAD_INPUT',
      `WAV files of format ${tag} with ${bits} bits are not read. Convert it to PCM, or send MP3, FLAC or Opus.`,
    );
  }
  return { encoding: known.encoding, sampleRate, channels, sampleBytes };
}
