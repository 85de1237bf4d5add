import type { Readable } from 'node:stream';
import { Failure } from '@portico/schemas';
import type { ByteLease } from '../../dispatch/byte-budget.ts';

/** Counts the bytes of a request against its limit and against the memory for uploads. */
export class BodyReader {
  readonly #lease: ByteLease;
  readonly #limit: number;
  #read = 0;

  constructor(lease: ByteLease, limitBytes: number) {
    this.#lease = lease;
    this.#limit = limitBytes;
  }

  /**
   * Reads a stream to its end. Throws `TOO_LARGE` as soon as the limit is passed, `OVERLOADED` when uploads fill their
   * memory, `CANCELLED` when the caller leaves.
   */
  async readAll(stream: Readable): Promise<Buffer> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        this.#read += chunk.length;
        if (this.#read > this.#limit) throw tooLarge(this.#limit);
        this.#lease.growTo(this.#read);
        chunks.push(chunk);
      }
    } catch (error) {
      throw isAbort(error) ? new Failure('CANCELLED', 'The caller left during the upload.', { cause: error }) : error;
    }
    return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
  }
}

export const tooLarge = (limitBytes: number): Failure =>
  new Failure('TOO_LARGE', `The upload is larger than ${limitBytes / (1024 * 1024)} MiB (MAX_UPLOAD_MB).`);

/** Node destroys the stream of a request whose caller leaves. */
function isAbort(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ABORT_ERR';
}
