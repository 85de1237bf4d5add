import { Failure } from '@portico/schemas';
import type { Clock } from './clock.ts';
import type { Work } from './work.ts';

export interface SubmitOptions {
  /** Milliseconds from now in which the client wants an answer, or the next item; waiting included. */
  readonly deadlineMs: number;
  /** Aborted when the client leaves. */
  readonly signal?: AbortSignal | undefined;
  /** Hears the items on the way to the answer. */
  readonly onItem?: ((item: Uint8Array) => void) | undefined;
}

/** Tells at the deadline, or when the client leaves, that `work` is given up, until it is answered. */
export function watchClient(
  work: Work,
  { deadlineMs, signal }: SubmitOptions,
  clock: Clock,
  giveUp: (failure: Failure) => void,
): void {
  const onAbort = (): void => giveUp(new Failure('CANCELLED', 'The client closed the connection.'));
  const onDeadline = (): void =>
    giveUp(new Failure('TIMEOUT', `No answer within ${Number((deadlineMs / 1_000).toFixed(3))} s.`));
  let callOffDeadline = clock.schedule(deadlineMs, onDeadline);
  work.renewDeadline = () => {
    callOffDeadline();
    callOffDeadline = clock.schedule(deadlineMs, onDeadline);
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  work.release = () => {
    callOffDeadline();
    signal?.removeEventListener('abort', onAbort);
  };
}
