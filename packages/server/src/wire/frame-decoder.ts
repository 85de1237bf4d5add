import { frameHeaderLength, frameMagic } from './frame-encoder.ts';

/** A frame as it arrived; `body` is a buffer of its own, aligned for any typed array. */
export interface Frame {
  readonly head: unknown;
  readonly body: Uint8Array;
}

/** Bytes that are no frame: the other end is broken and must be replaced. */
export class WireError extends Error {
  override readonly name = 'WireError';
}

const maxHeadBytes = 4 * 1024 * 1024;
const maxBodyBytes = 1024 * 1024 * 1024;
/** Below this a read of its own costs more than the copy that it saves. */
const inPlaceBytes = 64 * 1024;

/** Cuts a byte stream into frames. */
export class FrameDecoder {
  readonly #header = Buffer.alloc(frameHeaderLength);
  #filled = 0;
  #head: Buffer | undefined;
  #body: Buffer | undefined;

  /**
   * Where the next bytes belong while a long body is arriving, so that they can be read to where they stay and then be
   * pushed from there; undefined for anything short.
   */
  get room(): Uint8Array | undefined {
    const missing = this.#body?.subarray(this.#filled);
    return missing !== undefined && missing.length >= inPlaceBytes ? missing : undefined;
  }

  /**
   * Takes the next bytes of the stream and hands out the frames that they complete, each before the next is looked at.
   * The bytes are taken as the frames are, so all have to be.
   * @throws {WireError} when the bytes are no frame; the stream is then beyond repair.
   */
  *push(chunk: Uint8Array): Generator<Frame, void> {
    let rest = chunk;
    for (;;) {
      const target = this.#body ?? this.#head ?? this.#header;
      const taken = rest.subarray(0, target.length - this.#filled);
      if (!this.#inPlace(taken)) target.set(taken, this.#filled);
      this.#filled += taken.length;
      rest = rest.subarray(taken.length);
      if (this.#filled < target.length) return;
      const frame = this.#advance();
      if (frame !== undefined) yield frame;
    }
  }

  /** The bytes were read into `room`. */
  #inPlace(bytes: Uint8Array): boolean {
    const body = this.#body;
    return body !== undefined && bytes.buffer === body.buffer && bytes.byteOffset === body.byteOffset + this.#filled;
  }

  /** The part being read is complete: begin the next one, or hand out the frame. */
  #advance(): Frame | undefined {
    this.#filled = 0;
    if (this.#head === undefined) {
      this.#head = Buffer.allocUnsafeSlow(this.#headLength());
      return undefined;
    }
    if (this.#body === undefined) {
      this.#body = Buffer.allocUnsafeSlow(this.#header.readUInt32LE(8));
      if (this.#body.length > 0) return undefined;
    }
    const frame: Frame = { head: parseHead(this.#head), body: this.#body };
    this.#head = undefined;
    this.#body = undefined;
    return frame;
  }

  #headLength(): number {
    if (this.#header.readUInt32LE(0) !== frameMagic) throw new WireError('Not a frame: wrong magic number.');
    const headLength = this.#header.readUInt32LE(4);
    const bodyLength = this.#header.readUInt32LE(8);
    if (headLength === 0 || headLength > maxHeadBytes || bodyLength > maxBodyBytes) {
      throw new WireError(`Not a frame: a head of ${headLength} and a body of ${bodyLength} bytes.`);
    }
    return headLength;
  }
}

function parseHead(head: Buffer): unknown {
  try {
    return JSON.parse(head.toString('utf8'));
  } catch (cause) {
    throw new WireError('Not a frame: the head is no JSON.', { cause });
  }
}
