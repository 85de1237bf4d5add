import { Failure } from '@portico/schemas';
import { asciiAt } from '../ascii-at.ts';
import type { AudioBlock } from '../audio-block.ts';
import { FlacStream } from './flac-stream.ts';
import type { OggStream } from './ogg-stream.ts';
import { OpusStream } from './opus-stream.ts';
import { oggPages } from './pages.ts';
import { VorbisStream } from './vorbis-stream.ts';

/** Each link of a chain costs a decoder of its own. */
const maxLinks = 2_000;

/**
 * Decodes the first audio stream of an Ogg file, and of each link where files were put one behind another.
 *
 * @throws {Failure} `BAD_INPUT` when there is none in Opus, Vorbis or FLAC.
 */
export async function* decodeOgg(file: Uint8Array): AsyncGenerator<AudioBlock> {
  let stream: OggStream | undefined;
  let serial = 0;
  let heads = true;
  let links = 0;
  try {
    for (const page of oggPages(file)) {
      await new Promise((turn) => setImmediate(turn));
      // Streams that run beside one another all begin before any goes on.
      const begins = page.isFirst && (stream === undefined || !heads);
      heads = page.isFirst;
      const next = begins ? streamOf(page.pieces[0]) : undefined;
      if (next !== undefined) {
        if (stream !== undefined) yield* endOf(stream);
        stream = next;
        serial = page.serial;
        links += 1;
        if (links > maxLinks) throw new Failure('BAD_INPUT', `The Ogg file has more than ${maxLinks} links.`);
      }
      if (stream !== undefined && page.serial === serial) yield* stream.decode(page);
    }
    if (stream === undefined) {
      throw new Failure('BAD_INPUT', 'The Ogg file has no stream in Opus, Vorbis or FLAC. Convert it to one of these.');
    }
    yield* stream.end();
  } finally {
    await stream?.free();
  }
}

async function* endOf(stream: OggStream): AsyncGenerator<AudioBlock> {
  yield* stream.end();
  await stream.free();
}

function streamOf(packet: Uint8Array = new Uint8Array(0)): OggStream | undefined {
  if (asciiAt(packet, 0, 8) === 'OpusHead') return new OpusStream(packet);
  if (asciiAt(packet, 0, 7) === '\u0001vorbis') return new VorbisStream(packet);
  if (asciiAt(packet, 0, 5) === '\u007fFLAC') return new FlacStream(packet);
  return undefined;
}
