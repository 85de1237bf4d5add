import type { FileHandle } from 'node:fs/promises';
import { PbfReader } from 'pbf';

/** Bytes of a file from `start` up to `end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A field of a message in a file: a number, or where its content is. */
export interface Field {
  readonly number: number;
  readonly value?: number;
  readonly range?: Range;
  /** The whole field with its tag. */
  readonly whole: Range;
}

/** Longest tag with the longest length or value behind it. */
const maxHeadBytes = 20;

/** One read of the disk; most fields of a graph are far shorter. */
const windowBytes = 64 * 1024;

const wireType = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** Messages in a file, of which only the parts that are asked for are read. */
export class FileFields {
  readonly #file: FileHandle;
  #window: Buffer = Buffer.alloc(0);
  #windowStart = 0;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  /**
   * The fields of the message at `range`, in their order.
   * @throws when a field would end behind the message.
   */
  async *of({ start, end }: Range): AsyncGenerator<Field> {
    let position = start;
    while (position < end) {
      const head = new PbfReader(await this.bytes({ start: position, end: Math.min(position + maxHeadBytes, end) }));
      const tag = head.readVarint();
      const field = this.#fieldAt(position, head, tag);
      if (field.number === 0) throw new Error(`there is no field at byte ${position}.`);
      if (!(field.whole.end <= end)) {
        throw new Error(`a part of it ends at byte ${field.whole.end}, but what contains it at ${end}.`);
      }
      yield field;
      position = field.whole.end;
    }
  }

  #fieldAt(position: number, head: PbfReader, tag: number): Field {
    const number = tag >>> 3;
    switch (tag & 7) {
      case wireType.varint: {
        const value = head.readVarint(true);
        return { number, value, whole: { start: position, end: position + head.pos } };
      }
      case wireType.fixed64:
        return { number, whole: { start: position, end: position + head.pos + 8 } };
      case wireType.fixed32:
        return { number, whole: { start: position, end: position + head.pos + 4 } };
      case wireType.bytes: {
        const length = head.readVarint();
        const start = position + head.pos;
        return { number, range: { start, end: start + length }, whole: { start: position, end: start + length } };
      }
      default:
        throw new Error(`there is no field at byte ${position}.`);
    }
  }

  /** The content of a range that lies in the file, without the fields of a message that are to be skipped. */
  async bytes(range: Range, skipped?: ReadonlySet<number>): Promise<Uint8Array> {
    if (skipped === undefined || range.end - range.start <= windowBytes) return this.#read(range);
    const kept: Uint8Array[] = [];
    for await (const field of this.of(range)) {
      if (!skipped.has(field.number)) kept.push(await this.#read(field.whole));
    }
    return Buffer.concat(kept);
  }

  async text(range: Range): Promise<string> {
    return Buffer.from(await this.bytes(range)).toString('utf8');
  }

  async #read({ start, end }: Range): Promise<Uint8Array> {
    const from = start - this.#windowStart;
    if (from >= 0 && end - this.#windowStart <= this.#window.length) {
      return this.#window.subarray(from, end - this.#windowStart);
    }
    // A window stays as it is for those who hold parts of it.
    const window = Buffer.alloc(Math.max(windowBytes, end - start));
    const { bytesRead } = await this.#file.read(window, 0, window.length, start);
    if (bytesRead < end - start) throw new Error(`It ends at byte ${start + bytesRead}.`);
    this.#window = window.subarray(0, bytesRead);
    this.#windowStart = start;
    return this.#window.subarray(0, end - start);
  }
}
