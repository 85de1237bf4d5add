import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Turn } from '../input/turn.ts';
import { minCountedBytes } from '../unread-responses.ts';

/** Smaller outputs are part of the response like anything else. */
export const minLargeBytes = 16 * 1024;
/** Written as base64 in a millisecond; a multiple of three. */
const bytesPerPiece = 3 * 2 ** 17;

/** An output that is JSON already and goes into the response unchanged. */
export class JsonBytes {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}

type Piece = string | Uint8Array;

interface Output {
  readonly bytes: Uint8Array;
  readonly as: 'json' | 'base64';
}

/**
 * The large tensors of the calls in one request. If the router returned them, they would be parsed and written again, which blocks
 * the loop for 60 ms with 100 000 numbers. The router returns markers instead, and the bytes take their place when the response is
 * sent.
 */
export class LargeOutputs {
  readonly #outputs = new Map<string, Output>();

  /** The marker for an output, which stands for a JSON value, or for base64 within a text. */
  markerOf(output: Output): string {
    const marker = randomUUID();
    this.#outputs.set(marker, output);
    return marker;
  }

  /** A response with its outputs. */
  async *filled(response: readonly Piece[]): AsyncGenerator<Uint8Array, void> {
    const text = joined(response);
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

/** Sends a response that consists of these pieces. Large outputs are counted as unread already. */
export function sendPieces(request: FastifyRequest, reply: FastifyReply, pieces: readonly Piece[]): FastifyReply {
  const { largeOutputs } = request;
  if (largeOutputs !== undefined) return reply.send(Readable.from(largeOutputs.filled(pieces), { objectMode: false }));
  const isLarge = pieces.reduce((sum, { length }) => sum + length, 0) >= minCountedBytes;
  return reply.send(isLarge ? Readable.from(pieces, { objectMode: false }) : joined(pieces));
}

const joined = (pieces: readonly Piece[]): Buffer =>
  Buffer.concat(pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece)));

async function* base64Pieces({ buffer, byteOffset, byteLength }: Uint8Array, turn: Turn): AsyncGenerator<Buffer, void> {
  for (let start = 0; start < byteLength; start += bytesPerPiece) {
    const piece = Buffer.from(buffer, byteOffset + start, Math.min(bytesPerPiece, byteLength - start));
    yield Buffer.from(piece.toString('base64'), 'latin1');
    if (turn.isOver) await turn.next();
  }
}

/** The marker for an output of a call in this request; undefined for one that is small, or streamed. */
export function largeMarker(request: FastifyRequest, output: Output): string | undefined {
  // Otherwise the router writes each output as soon as it has it, and the text is never there as a whole.
  if (isStreamed(request) || output.bytes.byteLength < minLargeBytes) return undefined;
  request.largeOutputs ??= new LargeOutputs();
  return request.largeOutputs.markerOf(output);
}

/** Whether the router writes each output as soon as it has it. */
export const isStreamed = ({ headers }: FastifyRequest): boolean =>
  headers['trpc-accept'] === 'application/jsonl' || headers.accept?.includes('application/jsonl') === true;
