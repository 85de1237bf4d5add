/** A response over a plain socket. */
export interface SocketResponse {
  readonly status: number;
  readonly body: Buffer;
}

interface Head {
  readonly status: number;
  /** Bytes of the body, or undefined for one in chunks. */
  readonly length: number | undefined;
  readonly end: number;
}

const endOfHead = '\r\n\r\n';

/**
 * Reads the responses on a connection, one at a time: enough HTTP for the servers that are measured, at a fraction of the cost of
 * `node:http`.
 */
export class ResponseReader {
  #chunks: Buffer[] = [];
  #byteLength = 0;
  #head: Head | undefined;

  /**
   * The response, once this chunk completes it. The chunk is copied if it does not: its memory may be used again.
   *
   * @throws when it is not a response, or more than one.
   */
  push(chunk: Buffer): SocketResponse | undefined {
    const received = this.#chunks.length === 0 ? chunk : undefined;
    this.#byteLength += chunk.byteLength;
    // Large bodies come in many chunks, which are joined once.
    if (this.#head?.length !== undefined && this.#byteLength < this.#head.end + this.#head.length) {
      this.#chunks.push(Buffer.from(chunk));
      return undefined;
    }
    const all = received ?? Buffer.concat([...this.#chunks, chunk]);
    this.#head ??= readHead(all);
    const response = this.#head === undefined ? undefined : complete(all, this.#head);
    this.#chunks = response === undefined ? [received === undefined ? all : Buffer.from(all)] : [];
    if (response === undefined) return undefined;
    this.#byteLength = 0;
    this.#head = undefined;
    return response;
  }
}

function readHead(bytes: Buffer): Head | undefined {
  const end = bytes.indexOf(endOfHead);
  if (end < 0) return undefined;
  const text = bytes.toString('latin1', 0, end).toLowerCase();
  const status = Number(text.slice(9, 12));
  if (!text.startsWith('http/1.1 ') || Number.isNaN(status)) throw new Error(`No HTTP response: ${text.slice(0, 80)}`);
  const length = /\r\ncontent-length: *(\d+)/.exec(text)?.[1];
  if (length === undefined && !text.includes('\r\ntransfer-encoding: chunked'))
    throw new Error('A response without a length cannot be separated from the next.');
  return { status, length: length === undefined ? undefined : Number(length), end: end + endOfHead.length };
}

function complete(bytes: Buffer, { status, length, end }: Head): SocketResponse | undefined {
  if (length === undefined) {
    const body = joinedChunks(bytes, end);
    return body === undefined ? undefined : { status, body };
  }
  if (bytes.byteLength < end + length) return undefined;
  if (bytes.byteLength > end + length) throw new Error('The server sent more than one response to a request.');
  return { status, body: bytes.subarray(end) };
}

/** The body in chunked transfer coding, https://www.rfc-editor.org/rfc/rfc9112#section-7.1, without trailers. */
function joinedChunks(bytes: Buffer, start: number): Buffer | undefined {
  const parts: Buffer[] = [];
  for (let at = start; ;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    const next = lineEnd + 2 + size + 2;
    if (bytes.byteLength < next) return undefined;
    if (size === 0) return Buffer.concat(parts);
    parts.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = next;
  }
}
