import { Failure } from '@portico/schemas';
import { asciiAt } from '../ascii-at.ts';

/** Recordings have a dozen. */
const maxChunks = 1_000;

export interface RiffChunks {
  readonly littleEndian: boolean;
  readonly format: DataView;
  readonly samples: Uint8Array;
}

/**
 * Finds the two chunks of a WAV file that matter. Sizes are believed only as far as the file goes: what writes to a pipe leaves
 * 0 or 0xFFFFFFFF behind, and RF64 tells the true size elsewhere.
 *
 * @throws {Failure} `BAD_INPUT` when one of them is missing, or behind a thousand others.
 */
export function riffChunks(file: Uint8Array): RiffChunks {
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
