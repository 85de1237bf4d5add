import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { Turn } from '../input/turn.ts';

/** Smaller outputs are part of the response like anything else. */
export const minLargeBytes = 16 * 1024;
/** Written as base64 in a millisecond; a multiple of three. */
const bytesPerPiece = 3 * 2 ** 17;

interface Output {
  readonly bytes: Uint8Array;
  readonly as: 'json' | 'base64';
}

/**
 * The large outputs of the calls in one request. tRPC would parse and write them again, which holds the loop for 60 ms with
 * the embeddings of 256 texts. Instead it writes markers, and the bytes are put in their place when the response is sent.
 */
export class LargeOutputs {
  readonly #outputs = new Map<string, Output>();

  /** The marker for such an output, which stands for a JSON value, or for base64 within a text; undefined for a small one. */
  markerOf(output: Output): string | undefined {
    if (output.bytes.byteLength < minLargeBytes) return undefined;
    const marker = randomUUID();
    this.#outputs.set(marker, output);
    return marker;
  }

  get isEmpty(): boolean {
    return this.#outputs.size === 0;
  }

  /** The response with its outputs. */
  filled(response: AsyncIterable<Uint8Array | string>): Readable {
    return Readable.from(this.#pieces(response), { objectMode: false });
  }

  async *#pieces(response: AsyncIterable<Uint8Array | string>): AsyncGenerator<Uint8Array, void> {
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(Buffer.from(chunk as Uint8Array));
    const text = Buffer.concat(chunks);
    const turn = new Turn();
    const found = [...this.#outputs]
      .map(([marker, output]) => ({ at: text.indexOf(marker), length: marker.length, output }))
      .filter(({ at }) => at !== -1)
      .sort((a, b) => a.at - b.at);
    let end = 0;
    for (const { at, length, output } of found) {
      // A value takes the place of the text, quotes included.
      const quotes = output.as === 'json' ? 1 : 0;
      yield text.subarray(end, at - quotes);
      end = at + length + quotes;
      if (output.as === 'json') yield output.bytes;
      else yield* base64Pieces(output.bytes, turn);
    }
    yield text.subarray(end);
  }
}

async function* base64Pieces({ buffer, byteOffset, byteLength }: Uint8Array, turn: Turn): AsyncGenerator<Buffer, void> {
  for (let start = 0; start < byteLength; start += bytesPerPiece) {
    const piece = Buffer.from(buffer, byteOffset + start, Math.min(bytesPerPiece, byteLength - start));
    yield Buffer.from(piece.toString('base64'), 'latin1');
    if (turn.isOver) await turn.next();
  }
}

/** The marker for a large output of a call in this request. */
export function largeMarker(request: FastifyRequest, output: Output): string | undefined {
  // Otherwise the router writes each output as soon as it has it, and the text is never there as a whole.
  if (isStreamed(request)) return undefined;
  request.largeOutputs ??= new LargeOutputs();
  return request.largeOutputs.markerOf(output);
}

/** Whether the router writes each output as soon as it has it. */
export const isStreamed = ({ headers }: FastifyRequest): boolean =>
  headers['trpc-accept'] === 'application/jsonl' || headers.accept?.includes('application/jsonl') === true;
