import type { Writable } from 'node:stream';
import { headerBytes, writeHeader } from './frame.ts';

/** Frames are gathered here until they are written. */
const bufferBytes = 64 * 1024;
/** A longer body is written from where it is: to copy it would cost more than a chunk of its own. */
const maxCopiedBytes = 16 * 1024;

/** Joins frames, so that everything due at once is one write, and one chunk where the bodies are short. */
export class FrameWriter {
  readonly #stream: Writable;
  #buffer = Buffer.allocUnsafeSlow(bufferBytes);
  /** The part of the buffer that is in no chunk yet. */
  #start = 0;
  #end = 0;
  #chunks: Uint8Array[] = [];
  #chunkBytes = 0;

  constructor(stream: Writable) {
    this.#stream = stream;
  }

  /** Bytes that the other end has not read. */
  get unreadBytes(): number {
    return this.#chunkBytes + this.#end - this.#start + this.#stream.writableLength;
  }

  /** There is nothing to write. */
  get empty(): boolean {
    return this.#end === this.#start && this.#chunks.length === 0;
  }

  /** Begins a frame. The head is written to `target` at `at`; as many bytes of bodies as announced must follow. */
  begin(kind: number, headBytes: number, bodyBytes: number): { readonly target: Buffer; readonly at: number } {
    const header = this.#reserve(headerBytes + headBytes);
    writeHeader(this.#buffer, header, { kind, headBytes, bodyBytes });
    return { target: this.#buffer, at: header + headerBytes };
  }

  /** The bytes must not change until they are written. */
  addBody(bytes: Uint8Array): void {
    if (bytes.byteLength <= maxCopiedBytes) {
      const at = this.#reserve(bytes.byteLength);
      this.#buffer.set(bytes, at);
      return;
    }
    this.#cutChunk();
    this.#chunks.push(bytes);
    this.#chunkBytes += bytes.byteLength;
  }

  flush(): void {
    this.#cutChunk();
    const chunks = this.#chunks;
    this.#chunks = [];
    this.#chunkBytes = 0;
    if (this.#stream.writable) {
      if (chunks.length > 1) this.#stream.cork();
      for (const chunk of chunks) this.#stream.write(chunk);
      if (chunks.length > 1) this.#stream.uncork();
    }
    // Otherwise the stream still reads from the buffer.
    if (this.#stream.writableLength > 0) return;
    if (this.#buffer.length > bufferBytes) this.#buffer = Buffer.allocUnsafeSlow(bufferBytes);
    this.#start = 0;
    this.#end = 0;
  }

  /** Room for so many bytes; returns where they start. */
  #reserve(bytes: number): number {
    if (this.#end + bytes > this.#buffer.length) {
      this.#cutChunk();
      this.#buffer = Buffer.allocUnsafeSlow(Math.max(bufferBytes, bytes));
      this.#start = 0;
      this.#end = 0;
    }
    const at = this.#end;
    this.#end += bytes;
    return at;
  }

  #cutChunk(): void {
    if (this.#end === this.#start) return;
    this.#chunks.push(this.#buffer.subarray(this.#start, this.#end));
    this.#chunkBytes += this.#end - this.#start;
    this.#start = this.#end;
  }
}
