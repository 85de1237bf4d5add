/**
 * A frame is four little-endian 32-bit words, a head and a body; docs/decisions/001-wire.md says why.
 *
 *     0            4             8             12         16
 *     ┌────────────┬─────────────┬─────────────┬──────────┬───────────────┬───────┐
 *     │ magic      │ head length │ body length │ reserved │ head          │ body  │
 *     │ 0x50525443 │ bytes       │ bytes       │ 0        │ JSON in UTF-8 │ bytes │
 *     └────────────┴─────────────┴─────────────┴──────────┴───────────────┴───────┘
 *
 * Neither length includes the header. A head has at least one byte; a body may have none.
 */
const headerBytes = 16;
/** "PRTC": a stream that does not start with it is not ours. */
const magic = 0x50525443;
const headLengthAt = 4;
const bodyLengthAt = 8;

const maxHeadBytes = 4 * 1024 * 1024;
const maxBodyBytes = 1024 * 1024 * 1024;
/** Below this a read of its own costs more than the copy that it saves. */
const minInPlaceBytes = 64 * 1024;

/** A frame as it arrived; `body` is a buffer of its own, aligned for any typed array. */
export interface Frame {
  readonly head: unknown;
  readonly body: Uint8Array;
}

/** Bytes that are no frame: the other end is broken and must be replaced. */
export class WireError extends Error {
  override readonly name = 'WireError';
  readonly code: 'WRONG_MAGIC' | 'WRONG_LENGTH' | 'WRONG_HEAD';

  constructor(code: WireError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** One frame as chunks to write in order: header and head, then the bodies as they are, uncopied. */
export function encodeFrame(head: unknown, bodies: readonly Uint8Array[] = []): Uint8Array[] {
  const json = Buffer.from(JSON.stringify(head));
  const bodyLength = bodies.reduce((sum, body) => sum + body.byteLength, 0);
  const header = Buffer.alloc(headerBytes);
  header.writeUInt32LE(magic, 0);
  header.writeUInt32LE(json.length, headLengthAt);
  header.writeUInt32LE(bodyLength, bodyLengthAt);
  return [Buffer.concat([header, json]), ...bodies];
}

/** Cuts a byte stream into frames. */
export class FrameDecoder {
  readonly #header = Buffer.alloc(headerBytes);
  #filled = 0;
  #head: Buffer | undefined;
  #body: Buffer | undefined;

  /**
   * The rest of a long body that is arriving. Bytes read straight into it and then pushed are not copied. Undefined for
   * anything short.
   */
  get pendingBody(): Uint8Array | undefined {
    const missing = this.#body?.subarray(this.#filled);
    return missing !== undefined && missing.length >= minInPlaceBytes ? missing : undefined;
  }

  /**
   * Takes the next bytes of the stream and yields the frames that they complete, each before it looks at the next.
   * It takes the bytes while it is iterated, so iterate it to the end.
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

  /** The bytes were read into `pendingBody`. */
  #inPlace(bytes: Uint8Array): boolean {
    const body = this.#body;
    return body !== undefined && bytes.buffer === body.buffer && bytes.byteOffset === body.byteOffset + this.#filled;
  }

  /** The part being read is complete: begins the next one, or returns the frame. */
  #advance(): Frame | undefined {
    this.#filled = 0;
    if (this.#head === undefined) {
      this.#head = Buffer.allocUnsafeSlow(this.#headLength());
      return undefined;
    }
    if (this.#body === undefined) {
      this.#body = Buffer.allocUnsafeSlow(this.#header.readUInt32LE(bodyLengthAt));
      if (this.#body.length > 0) return undefined;
    }
    const frame: Frame = { head: parseHead(this.#head), body: this.#body };
    this.#head = undefined;
    this.#body = undefined;
    return frame;
  }

  #headLength(): number {
    if (this.#header.readUInt32LE(0) !== magic) {
      throw new WireError('WRONG_MAGIC', 'Not a frame: wrong magic number.');
    }
    const headLength = this.#header.readUInt32LE(headLengthAt);
    const bodyLength = this.#header.readUInt32LE(bodyLengthAt);
    if (headLength === 0 || headLength > maxHeadBytes || bodyLength > maxBodyBytes) {
      throw new WireError('WRONG_LENGTH', `Not a frame: a head of ${headLength} and a body of ${bodyLength} bytes.`);
    }
    return headLength;
  }
}

function parseHead(head: Buffer): unknown {
  try {
    return JSON.parse(head.toString('utf8'));
  } catch (cause) {
    throw new WireError('WRONG_HEAD', 'Not a frame: the head is not JSON.', { cause });
  }
}
