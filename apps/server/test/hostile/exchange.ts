import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, answersIn } from './answers.ts';
import type { Delivery } from './delivery.ts';

/** What came of one delivery. */
export interface Exchange {
  readonly answers: readonly Answer[];
  /** The server closed the connection, in whatever way. */
  readonly isClosed: boolean;
  /** The deadline passed without all answers, on an open connection. */
  readonly isLate: boolean;
  readonly milliseconds: number;
}

export interface Endpoint {
  readonly host: string;
  readonly port: number;
  /** The client's own address, for a server on this machine that counts clients by address. */
  readonly localAddress?: string;
}

/** Carries out a delivery on a connection of its own and reads what comes, until everything has been answered. */
export async function exchange(endpoint: Endpoint, delivery: Delivery, deadlineMs: number): Promise<Exchange> {
  const startedAt = performance.now();
  const socket = connect({ ...endpoint, allowHalfOpen: true });
  const chunks: Buffer[] = [];
  const state = { isClosed: false, wake: (): void => {} };
  const closed = (): void => {
    state.isClosed = true;
    state.wake();
  };
  socket.on('data', (chunk) => {
    chunks.push(chunk);
    state.wake();
  });
  // A reset is one of the ways in which a connection ends.
  socket.on('error', closed).on('end', closed).on('close', closed);

  for (const step of delivery.steps) {
    if (socket.destroyed) break;
    if ('pauseMs' in step) await sleep(step.pauseMs);
    else if ('write' in step) socket.write(step.write);
    else if ('end' in step) socket.end();
    else socket.resetAndDestroy();
  }

  const until = startedAt + deadlineMs;
  const answers = (): Answer[] => answersIn(Buffer.concat(chunks), delivery.heads, state.isClosed);
  while (!state.isClosed && answers().length < delivery.heads.length && performance.now() < until) {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, until - performance.now());
      state.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
  const result = answers();
  const isLate = !state.isClosed && result.length < delivery.heads.length;
  socket.destroy();
  return { answers: result, isClosed: state.isClosed, isLate, milliseconds: performance.now() - startedAt };
}
