import { once } from 'node:events';
import { type Agent, type IncomingMessage, request } from 'node:http';
import { Readable } from 'node:stream';
import type { RefusedUpload } from './refusals.ts';

const chunk = Buffer.alloc(256 * 1024);

function* zeros(bytes: number): Generator<Buffer> {
  for (let rest = bytes; rest > 0; rest -= chunk.length) yield chunk.subarray(0, Math.min(rest, chunk.length));
}

export interface SendOptions {
  /** Keeps connections open; without one the request says `connection: close`. */
  readonly agent?: Agent;
  readonly timeoutMs?: number;
}

/** Sends the whole upload as Node does, whatever comes back meanwhile; the status, or what happened instead. */
export async function sendUpload(
  origin: string,
  { method, path, headers, bytes, isChunked }: RefusedUpload,
  { agent, timeoutMs = 30_000 }: SendOptions = {},
): Promise<number | string> {
  const length = isChunked ? {} : { 'content-length': String(bytes) };
  const sending = request(origin + path, {
    method,
    headers: { ...headers, ...length },
    agent: agent ?? false,
    signal: AbortSignal.timeout(timeoutMs),
  });
  const answered = once(sending, 'response') as Promise<[IncomingMessage]>;
  // A write that fails is no answer yet: one may be waiting to be read.
  Readable.from(zeros(bytes)).pipe(sending);
  try {
    const [response] = await answered;
    for await (const _ of response);
    return response.statusCode ?? 0;
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code ?? error);
  }
}
