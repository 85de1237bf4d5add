import type { IncomingMessage } from 'node:http';
import { Failure } from '@portico/schemas';
import { tooLarge } from './body-reader.ts';

export interface ArrivalLimits {
  /** Of the whole body: in a form, files, fields, headers of parts, and whatever stands around them. */
  readonly bodyBytes: number;
  /** What to tell a client who passes it. */
  readonly maxUploadBytes: number;
  /** A body of which nothing arrives for so long is given up, because it holds memory that others wait for. */
  readonly idleMs?: number;
}

const usualIdleMs = 10_000;

/**
 * Reads a body while the bytes of the connection are counted and their absence is noticed. A parser of forms tells of
 * files and fields only, and would read anything else to its end.
 * Rejects with `TOO_LARGE` or `REQUEST_TIMEOUT` and leaves the reading behind.
 */
export async function whileArriving<Result>(
  request: IncomingMessage,
  { bodyBytes, maxUploadBytes, idleMs = usualIdleMs }: ArrivalLimits,
  read: () => Promise<Result>,
): Promise<Result> {
  let stop = (): void => {};
  const broken = new Promise<never>((_resolve, reject) => {
    let arrived = 0;
    const giveUp = (): void => reject(new Failure('REQUEST_TIMEOUT', 'Nothing of the body arrives any more.'));
    let timer = setTimeout(giveUp, idleMs);
    const count = (chunk: Buffer): void => {
      clearTimeout(timer);
      timer = setTimeout(giveUp, idleMs);
      arrived += chunk.length;
      if (arrived > bodyBytes) reject(tooLarge(maxUploadBytes));
    };
    request.on('data', count);
    stop = () => {
      clearTimeout(timer);
      request.off('data', count);
    };
  });
  // Whoever reads attaches itself within this turn, before the first byte flows.
  const reading = read();
  reading.catch(() => {});
  try {
    return await Promise.race([reading, broken]);
  } finally {
    stop();
  }
}
