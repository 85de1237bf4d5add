import { Failure } from '@portico/schemas';
import type { OggPage } from './pages.ts';

/** Covers travel in the packet of comments. */
const maxPacketBytes = 16 * 1024 * 1024;

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
