import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from './fault.ts';

/** Passes a response's body on, as much of it and as fast as the fault allows. */
export async function passBroken(upstream: IncomingMessage, response: ServerResponse, fault: Fault): Promise<void> {
  const passed: Buffer[] = [];
  for await (const chunk of upstream as AsyncIterable<Buffer>) {
    const left = bytesLeft(Buffer.concat(passed), chunk, fault);
    await write(response, chunk.subarray(0, left), fault);
    if (left !== undefined && left <= chunk.length) return;
    // Text to look for may lie over pieces; without such, nothing is kept.
    if ('where' in fault) passed.push(chunk);
  }
}

/** How many bytes may pass from the next piece on; undefined where that is not known yet, or no matter. */
function bytesLeft(before: Buffer, chunk: Buffer, fault: Fault): number | undefined {
  if (!('where' in fault) || typeof fault.where === 'string') return undefined;
  if ('bytes' in fault.where) return fault.where.bytes - before.length;
  const all = Buffer.concat([before, chunk]);
  const found = all.indexOf(fault.where.text);
  const end = found < 0 ? -1 : all.indexOf('\n', found);
  return end < 0 ? undefined : end + 1 - before.length;
}

async function write(response: ServerResponse, bytes: Buffer, fault: Fault): Promise<void> {
  if (fault.kind !== 'drip') return writePiece(response, bytes);
  for (let start = 0; start < bytes.length && !response.destroyed; start += fault.bytes) {
    await writePiece(response, bytes.subarray(start, start + fault.bytes));
    await sleep(fault.pause);
  }
}

/** Writes and waits until it has gone out. */
async function writePiece(response: ServerResponse, bytes: Buffer): Promise<void> {
  if (bytes.length === 0 || response.destroyed) return;
  const left = new AbortController();
  const { signal } = left;
  try {
    const gone = new Promise<void>((resolve) => response.write(bytes, () => resolve()));
    await Promise.race([gone, once(response, 'close', { signal })]);
  } finally {
    left.abort();
  }
}
