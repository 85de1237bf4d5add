import { ByteBuffer } from 'flatbuffers';

/**
 * A table of a FlatBuffer, read by the numbers of its fields in the schema: the few tables that are needed here are not
 * worth generated code. https://flatbuffers.dev/internals/
 */
export class Table {
  readonly #buffer: ByteBuffer;
  readonly #at: number;

  constructor(buffer: ByteBuffer, at: number) {
    this.#buffer = buffer;
    this.#at = at;
  }

  static root(file: Uint8Array): Table {
    const buffer = new ByteBuffer(file);
    return new Table(buffer, buffer.readInt32(0));
  }

  int8(field: number, otherwise = 0): number {
    const at = this.#find(field);
    return at === undefined ? otherwise : this.#buffer.readInt8(at);
  }

  int32(field: number, otherwise = 0): number {
    const at = this.#find(field);
    return at === undefined ? otherwise : this.#buffer.readInt32(at);
  }

  text(field: number): string {
    return Buffer.from(this.bytes(field)).toString('utf8');
  }

  table(field: number): Table | undefined {
    const at = this.#find(field);
    return at === undefined ? undefined : new Table(this.#buffer, this.#buffer.__indirect(at));
  }

  tables(field: number): Table[] {
    return this.#each(field, 4, (at) => new Table(this.#buffer, this.#buffer.__indirect(at)));
  }

  integers(field: number): number[] {
    return this.#each(field, 4, (at) => this.#buffer.readInt32(at));
  }

  bytes(field: number): Uint8Array {
    const at = this.#find(field);
    if (at === undefined) return new Uint8Array();
    const start = this.#buffer.__vector(at);
    return this.#buffer.bytes().slice(start, start + this.#buffer.__vector_len(at));
  }

  #find(field: number): number | undefined {
    const offset = this.#buffer.__offset(this.#at, 4 + 2 * field);
    return offset === 0 ? undefined : this.#at + offset;
  }

  #each<Element>(field: number, size: number, read: (at: number) => Element): Element[] {
    const at = this.#find(field);
    if (at === undefined) return [];
    const start = this.#buffer.__vector(at);
    return Array.from({ length: this.#buffer.__vector_len(at) }, (_, index) => read(start + size * index));
  }
}
