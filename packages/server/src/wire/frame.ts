/**
 * A frame is four little-endian 32-bit words, a head and a body; docs/decisions/001-wire.md says why.
 *
 *     0            4             8             12         16
 *     ┌────────────┬─────────────┬─────────────┬──────────┬───────────────┬───────┐
 *     │ magic      │ head length │ body length │ kind     │ head          │ body  │
 *     │ 0x50525443 │ bytes       │ bytes       │ of head  │ heads.ts      │ bytes │
 *     └────────────┴─────────────┴─────────────┴──────────┴───────────────┴───────┘
 *
 * Neither length includes the header. A head has at least one byte; a body may have none.
 */
export const headerBytes = 16;
/** "PRTC": a stream that does not start with it is not ours. */
const magic = 0x50525443;
const headLengthAt = 4;
const bodyLengthAt = 8;
const kindAt = 12;

const maxHeadBytes = 4 * 1024 * 1024;
const maxBodyBytes = 1024 * 1024 * 1024;
/** Below this a read of its own costs more than the copy that it saves. */
const minInPlaceBytes = 64 * 1024;

/** The header of a frame. */
export interface FrameHeader {
  readonly kind: number;
  readonly headBytes: number;
  readonly bodyBytes: number;
}

/** Receives a frame. The head is valid until it returns; the body is the receiver's, aligned for any typed array. */
export type OnFrame = (kind: number, head: Buffer, body: Uint8Array) => void;

/** Bytes that are not a frame: the other end is broken and must be replaced. */
export class WireError extends Error {
  override readonly name = 'WireError';
  readonly code: 'WRONG_MAGIC' | 'WRONG_LENGTH' | 'WRONG_HEAD';

  constructor(code: WireError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export function writeHeader(target: Buffer, at: number, { kind, headBytes, bodyBytes }: FrameHeader): void {
  target.writeUInt32LE(magic, at);
  target.writeUInt32LE(headBytes, at + headLengthAt);
  target.writeUInt32LE(bodyBytes, at + bodyLengthAt);
  target.writeUInt32LE(kind, at + kindAt);
}

function readHeader(source: Buffer, at: number): FrameHeader {
  if (source.readUInt32LE(at) !== magic) throw new WireError('WRONG_MAGIC', 'Not a frame: wrong magic number.');
  const headBytes = source.readUInt32LE(at + headLengthAt);
  const bodyBytes = source.readUInt32LE(at + bodyLengthAt);
  if (headBytes === 0 || headBytes > maxHeadBytes || bodyBytes > maxBodyBytes) {
    throw new WireError('WRONG_LENGTH', `Not a frame: a head of ${headBytes} and a body of ${bodyBytes} bytes.`);
  }
  return { kind: source.readUInt32LE(at + kindAt), headBytes, bodyBytes };
}

/** Cuts a byte stream into frames. */
export class FrameDecoder {
  readonly #onFrame: OnFrame;
  /** The frame that is arriving in more than one piece: first its header, then head and body in buffers of their own. */
  readonly #headerBuffer = Buffer.allocUnsafeSlow(headerBytes);
  #header: FrameHeader | undefined;
  #head: Buffer | undefined;
  #body: Buffer | undefined;
  /** Bytes that have arrived of the part that is being read. */
  #filled = 0;

  /** @param onFrame is called for each frame before the next is looked at. */
  constructor(onFrame: OnFrame) {
    this.#onFrame = onFrame;
  }

  /**
   * The rest of a long body that is arriving. Bytes read straight into it and then pushed are not copied. Undefined for
   * anything short.
   */
  get pendingBody(): Uint8Array | undefined {
    const missing = this.#body?.subarray(this.#filled);
    return missing !== undefined && missing.length >= minInPlaceBytes ? missing : undefined;
  }

  /**
   * Takes the next bytes of the stream, which may be overwritten afterwards.
   * @throws {WireError} when the bytes are not a frame; the stream is then beyond repair.
   */
  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      const whole = this.#header === undefined && this.#filled === 0 ? this.#takeWhole(chunk, at) : 0;
      at += whole === 0 ? this.#takePart(chunk, at) : whole;
    }
  }

  /** Takes a frame that is in the chunk from its first byte to its last, as most are; returns its length, 0 without one. */
  #takeWhole(chunk: Buffer, start: number): number {
    if (chunk.length - start < headerBytes) return 0;
    const { kind, headBytes, bodyBytes } = readHeader(chunk, start);
    const length = headerBytes + headBytes + bodyBytes;
    if (chunk.length - start < length) return 0;
    const bodyStart = start + headerBytes + headBytes;
    // From the pool if it is short, which is aligned too.
    const body = Buffer.allocUnsafe(bodyBytes);
    chunk.copy(body, 0, bodyStart, bodyStart + bodyBytes);
    this.#onFrame(kind, chunk.subarray(start + headerBytes, bodyStart), body);
    return length;
  }

  /** Takes what belongs to the part that is being read, and returns how much that is. */
  #takePart(chunk: Buffer, start: number): number {
    const target = this.#body ?? this.#head ?? this.#headerBuffer;
    const taken = Math.min(chunk.length - start, target.length - this.#filled);
    if (!this.#isInPlace(chunk, start)) chunk.copy(target, this.#filled, start, start + taken);
    this.#filled += taken;
    if (this.#filled === target.length) this.#advance();
    return taken;
  }

  /** The bytes were read into `pendingBody`. */
  #isInPlace(chunk: Buffer, start: number): boolean {
    const body = this.#body;
    return body?.buffer === chunk.buffer && chunk.byteOffset + start === body.byteOffset + this.#filled;
  }

  /** The part being read is complete. */
  #advance(): void {
    this.#filled = 0;
    if (this.#header === undefined) {
      this.#header = readHeader(this.#headerBuffer, 0);
      this.#head = Buffer.allocUnsafeSlow(this.#header.headBytes);
      return;
    }
    if (this.#body === undefined) {
      this.#body = Buffer.allocUnsafeSlow(this.#header.bodyBytes);
      if (this.#body.length > 0) return;
    }
    const { kind } = this.#header;
    const head = this.#head as Buffer;
    const body = this.#body;
    this.#header = undefined;
    this.#head = undefined;
    this.#body = undefined;
    this.#onFrame(kind, head, body);
  }
}
