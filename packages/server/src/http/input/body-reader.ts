import type { Readable } from 'node:stream';
import { Failure } from '@portico/schemas';
import type { ByteLease } from '../../dispatch/byte-budget.ts';

export interface BodyReaderOptions {
  /** The request's share of the memory for uploads. */
  readonly lease: ByteLease;
  readonly limitBytes: number;
  /** What to tell a client who passes the limit; a body may be longer than the file in it. */
  readonly maxUploadBytes: number;
  /** What became of a body that ends half-way. */
  readonly broken: () => Failure;
}

/** Node destroys the stream of a request whose connection ends; the parser of forms has a code of its own. */
const brokenCodes = new Set(['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE', 'ABORT_ERR', 'FST_MP_PREMATURE_CLOSE']);

/** Counts the bytes of a request against its limit and against the memory for uploads. */
export class BodyReader {
  readonly #options: BodyReaderOptions;
  #read = 0;

  constructor(options: BodyReaderOptions) {
    this.#options = options;
  }

  /**
   * Reads a stream to its end. Throws `TOO_LARGE` as soon as the limit is passed, `OVERLOADED` when uploads fill their
   * memory, `CANCELLED` when the client leaves.
   */
  async readAll(stream: Readable): Promise<Buffer> {
    const { lease, limitBytes, maxUploadBytes } = this.#options;
    const chunks: Buffer[] = [];
    try {
      // A refused body is not destroyed: its connection still has to carry the answer.
      const iterator = stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
      for await (const chunk of iterator) {
        this.#read += chunk.length;
        if (this.#read > limitBytes) throw tooLarge(maxUploadBytes);
        lease.growTo(this.#read);
        chunks.push(chunk);
      }
    } catch (error) {
      throw this.explain(error);
    }
    return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
  }

  /** The failure behind an error of a body that ended half-way; any other error as it is. */
  explain(error: unknown): unknown {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return brokenCodes.has(code) ? this.#options.broken() : error;
  }
}

export const tooLarge = (maxUploadBytes: number): Failure =>
  new Failure('TOO_LARGE', `The upload is larger than ${maxUploadBytes / (1024 * 1024)} MiB (MAX_UPLOAD_MB).`);
