const headerBytes = 8;

/**
 * One frame: two 32-bit lengths, a JSON control part and an optional body.
 *
 * The control part is padded so that every part starts at a multiple of eight bytes.
 *
 * @param {import('node:stream').Writable} stream
 * @param {object} control
 * @param {Uint8Array} [body]
 */
export function writeFrame(stream, control, body) {
  const json = JSON.stringify(control);
  const controlBytes = Math.ceil(Buffer.byteLength(json) / 8) * 8;
  const head = Buffer.alloc(headerBytes + controlBytes, ' ');
  head.writeUInt32LE(controlBytes, 0);
  head.writeUInt32LE(body?.byteLength ?? 0, 4);
  head.write(json, headerBytes);
  stream.cork();
  stream.write(head);
  if (body) stream.write(body);
  stream.uncork();
}

/** Puts frames together from whatever pieces the stream delivers. */
export class FrameReader {
  /** @type {Buffer} */
  #header = Buffer.alloc(headerBytes);
  /** @type {'header' | 'control' | 'body'} */
  #part = 'header';
  #target = this.#header;
  #filled = 0;
  /** @type {any} */
  #control;
  #onFrame;

  /** @param {(control: any, body: Buffer | undefined) => void} onFrame */
  constructor(onFrame) {
    this.#onFrame = onFrame;
  }

  /** The rest of the body that is being received, for a stream that can read straight into it. */
  get missingBody() {
    return this.#part === 'body' ? this.#target.subarray(this.#filled) : undefined;
  }

  /** @param {Buffer} chunk */
  push(chunk) {
    let offset = 0;
    while (offset < chunk.length) {
      const copied = chunk.copy(this.#target, this.#filled, offset);
      offset += copied;
      this.advance(copied);
    }
  }

  /** @param {number} count */
  advance(count) {
    this.#filled += count;
    if (this.#filled < this.#target.length) return;
    if (this.#part === 'header') {
      this.#expect('control', Buffer.allocUnsafe(this.#header.readUInt32LE(0)));
      return;
    }
    if (this.#part === 'control') {
      this.#control = JSON.parse(this.#target.toString());
      const bodyBytes = this.#header.readUInt32LE(4);
      if (bodyBytes > 0) {
        this.#expect('body', Buffer.allocUnsafeSlow(bodyBytes));
        return;
      }
    }
    const body = this.#part === 'body' ? this.#target : undefined;
    this.#expect('header', this.#header);
    this.#onFrame(this.#control, body);
  }

  /**
   * @param {'header' | 'control' | 'body'} part
   * @param {Buffer} target
   */
  #expect(part, target) {
    this.#part = part;
    this.#target = target;
    this.#filled = 0;
  }
}
