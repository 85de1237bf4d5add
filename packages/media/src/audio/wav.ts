import { Failure } from '@portico/schemas';
import { asciiAt } from '../ascii.ts';
import { type AudioBlock, refuseFormat, slices } from './audio-block.ts';
import type { Progress } from './progress.ts';

/** Recordings have a dozen. */
const maxChunks = 1_000;

type Encoding = 'integer' | 'float' | 'a-law' | 'mu-law';

/** Format tags of WAVE files (RFC 2361). */
const encodings: Readonly<Record<number, { encoding: Encoding; sampleBytes: readonly number[] }>> = {
  1: { encoding: 'integer', sampleBytes: [1, 2, 3, 4] },
  3: { encoding: 'float', sampleBytes: [4, 8] },
  6: { encoding: 'a-law', sampleBytes: [1] },
  7: { encoding: 'mu-law', sampleBytes: [1] },
};
/** The tag proper is then the head of a GUID, 24 bytes in. */
const extensible = 0xfffe;

/** Decodes PCM, floats, A-law and µ-law. */
export async function* decodeWav(file: Uint8Array, progress: Progress): AsyncGenerator<AudioBlock> {
  const { littleEndian, format, samples } = riffChunks(file);
  const { encoding, sampleRate, channels, sampleBytes } = waveFormat(format, littleEndian);
  const read = sampleReader(encoding, sampleBytes, littleEndian);
  const frameBytes = channels * sampleBytes;
  progress.announce(samples.length / frameBytes, sampleRate);
  const view = new DataView(samples.buffer, samples.byteOffset, samples.byteLength);
  let at = 0;
  let arrived = 0;
  for await (const slice of slices(samples, progress)) {
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

interface RiffChunks {
  readonly littleEndian: boolean;
  readonly format: DataView;
  readonly samples: Uint8Array;
}

/**
 * Finds the two chunks of a WAV file that matter. Sizes are believed only as far as the file goes: programs that write to a pipe
 * leave 0 or 0xFFFFFFFF behind, and RF64 keeps the true size elsewhere.
 *
 * @throws {Failure} `BAD_INPUT` when one of them is missing, or behind a thousand others.
 */
function riffChunks(file: Uint8Array): RiffChunks {
  const littleEndian = asciiAt(file, 0, 4) !== 'RIFX';
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  let format: DataView | undefined;
  let at = 12;
  for (let chunks = 0; asciiAt(file, 8, 4) === 'WAVE' && at + 8 <= file.length; chunks += 1) {
    if (chunks === maxChunks) throw new Failure('BAD_INPUT', `The WAV file has more than ${maxChunks} chunks.`);
    const name = asciiAt(file, at, 4);
    const size = view.getUint32(at + 4, littleEndian);
    const body = file.subarray(at + 8, at + 8 + size);
    if (name === 'fmt ') format = new DataView(body.buffer, body.byteOffset, body.byteLength);
    if (name === 'data' && format !== undefined) {
      return { littleEndian, format, samples: size === 0 ? file.subarray(at + 8) : body };
    }
    // Chunks begin at even places, though not every program keeps to it.
    at += 8 + size + (size % 2 === 1 && file[at + 8 + size] === 0 ? 1 : 0);
  }
  throw new Failure('BAD_INPUT', `The WAV file has no chunk "${format === undefined ? 'fmt ' : 'data'}".`);
}

interface WaveFormat {
  readonly encoding: Encoding;
  readonly sampleRate: number;
  readonly channels: number;
  /** Bytes of one sample of one channel. */
  readonly sampleBytes: number;
}

/** @throws {Failure} `BAD_INPUT` for what cannot be decoded. */
function waveFormat(chunk: DataView, littleEndian: boolean): WaveFormat {
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

/** Reads one sample, −1 to 1 but for floats, which may lie outside. */
type SampleReader = (view: DataView, at: number) => number;

/** Samples of eight bits are unsigned; wider ones are signed. */
function sampleReader(encoding: Encoding, sampleBytes: number, littleEndian: boolean): SampleReader {
  switch (`${encoding} ${sampleBytes}`) {
    case 'integer 1':
      return (view, at) => (view.getUint8(at) - 128) / 2 ** 7;
    case 'integer 2':
      return (view, at) => view.getInt16(at, littleEndian) / 2 ** 15;
    case 'integer 3':
      return littleEndian
        ? (view, at) => (view.getUint16(at, true) + view.getInt8(at + 2) * 2 ** 16) / 2 ** 23
        : (view, at) => (view.getUint16(at + 1) + view.getInt8(at) * 2 ** 16) / 2 ** 23;
    case 'integer 4':
      return (view, at) => view.getInt32(at, littleEndian) / 2 ** 31;
    case 'float 4':
      return (view, at) => view.getFloat32(at, littleEndian);
    case 'float 8':
      return (view, at) => view.getFloat64(at, littleEndian);
    case 'a-law 1':
      return (view, at) => aLaw[view.getUint8(at)]!;
    case 'mu-law 1':
      return (view, at) => muLaw[view.getUint8(at)]!;
    default:
      throw new TypeError(`There is no ${encoding} of ${sampleBytes} bytes.`);
  }
}

/** A-law as ITU-T G.711 defines it: sign, three bits of exponent, four of mantissa; every other bit is inverted. */
export const aLaw = valueOfBytes((byte) => {
  const bits = byte ^ 0x55;
  const exponent = (bits >> 4) & 7;
  const mantissa = 2 * (bits & 15) + 1;
  const magnitude = exponent === 0 ? mantissa : (mantissa + 32) << (exponent - 1);
  return ((bits & 0x80) !== 0 ? magnitude : -magnitude) / 2 ** 12;
});

/** µ-law as ITU-T G.711 defines it: the same fields, with a bias of 33 and all bits inverted. */
export const muLaw = valueOfBytes((byte) => {
  const bits = ~byte & 0xff;
  const magnitude = ((2 * (bits & 15) + 33) << ((bits >> 4) & 7)) - 33;
  return ((bits & 0x80) !== 0 ? -magnitude : magnitude) / 2 ** 13;
});

/** The value of each byte, −1 to 1. */
function valueOfBytes(value: (byte: number) => number): Float32Array {
  return Float32Array.from({ length: 256 }, (_, byte) => value(byte));
}
