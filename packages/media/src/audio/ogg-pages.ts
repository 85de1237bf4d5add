import { Failure } from '@portico/schemas';
import { type AudioBlock, Damage } from './audio-block.ts';
import { nextCheck32 } from './check-sums.ts';
import type { Progress } from './progress.ts';

const capture = 'OggS';
const headLength = 27;
/** Offset of the checksum in a page. */
const checkAt = 22;
/** Cover pictures come in the packet of comments. */
const maxPacketBytes = 16 * 1024 * 1024;

/** A page of an Ogg file (RFC 3533). */
export interface OggPage {
  readonly serial: number;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  /** Its first piece belongs to the packet that the page before left open. */
  readonly isContinued: boolean;
  /** Samples up to its end, as the codec counts; −1 when no packet ends here. */
  readonly granule: number;
  /** The page as it is in the file. */
  readonly bytes: Uint8Array;
  /** Pieces of packets; all but the last end theirs, and that one too unless `isOpen`. */
  readonly pieces: readonly Uint8Array[];
  readonly isOpen: boolean;
}

/**
 * The undamaged pages of a file, in order; whatever lies between them is skipped.
 *
 * @throws {Failure} `BAD_INPUT` when too many are damaged: each costs a check sum over 64 KiB that others may overlap.
 */
export function* oggPages(file: Uint8Array, progress: Progress): Generator<OggPage> {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const damage = new Damage(progress);
  let at = bytes.indexOf(capture);
  while (at !== -1 && at + headLength <= file.length) {
    const page = pageAt(file, view, at);
    if (page === undefined) damage.count(1);
    else yield page;
    at = bytes.indexOf(capture, at + (page?.bytes.length ?? 1));
  }
}

function pageAt(file: Uint8Array, view: DataView, at: number): OggPage | undefined {
  const bodyAt = at + headLength + file[at + 26]!;
  const lacing = file.subarray(at + headLength, bodyAt);
  const end = bodyAt + lacing.reduce((sum, length) => sum + length, 0);
  const bytes = file.subarray(at, end);
  if (end > file.length || checkSum(bytes) !== view.getUint32(at + checkAt, true)) return undefined;
  const flags = file[at + 5]!;
  return {
    serial: view.getUint32(at + 14, true),
    isFirst: (flags & 2) !== 0,
    isLast: (flags & 4) !== 0,
    isContinued: (flags & 1) !== 0,
    granule: Number(view.getBigInt64(at + 6, true)),
    bytes,
    pieces: pieces(file, lacing, bodyAt),
    isOpen: lacing.at(-1) === 255,
  };
}

function pieces(file: Uint8Array, lacing: Uint8Array, bodyAt: number): Uint8Array[] {
  const found: Uint8Array[] = [];
  let start = bodyAt;
  let end = bodyAt;
  for (const [index, length] of lacing.entries()) {
    end += length;
    if (length === 255 && index < lacing.length - 1) continue;
    found.push(file.subarray(start, end));
    start = end;
  }
  return found;
}

/** Of all bytes, those of the sum itself taken as zero. */
function checkSum(page: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < page.length; at += 1) {
    sum = nextCheck32(sum, at >= checkAt && at < checkAt + 4 ? 0 : page[at]!);
  }
  return sum;
}

/** Puts the packets of one stream together, page by page. */
export class PacketJoiner {
  #open: Uint8Array[] = [];
  #openBytes = 0;

  /**
   * The packets that end on this page. One whose head is lost is left out.
   *
   * @throws {Failure} `BAD_INPUT` for a packet of more than 16 MiB.
   */
  packets({ pieces, isContinued, isOpen }: OggPage): Uint8Array[] {
    const found: Uint8Array[] = [];
    for (const [index, piece] of pieces.entries()) {
      const goesOn = index === 0 && isContinued;
      const headIsLost = goesOn && this.#open.length === 0;
      if (!goesOn) this.#drop();
      if (headIsLost) continue;
      this.#open.push(piece);
      this.#openBytes += piece.length;
      if (this.#openBytes > maxPacketBytes) throw new Failure('BAD_INPUT', 'A packet of the Ogg file is too large.');
      if (isOpen && index === pieces.length - 1) break;
      found.push(this.#open.length === 1 ? piece : Buffer.concat(this.#open));
      this.#drop();
    }
    return found;
  }

  #drop(): void {
    this.#open = [];
    this.#openBytes = 0;
  }
}

/** Decodes one of the streams that an Ogg file has beside or behind one another. */
export interface OggStream {
  /** Of its positions, in hertz. */
  readonly granuleRate: number;
  decode(page: OggPage): AsyncGenerator<AudioBlock>;
  /** What the decoder held back until the end. */
  end(): AsyncGenerator<AudioBlock>;
  free(): Promise<void>;
}
