import { Failure } from '@portico/schemas';

/** @throws {Failure} `CANCELLED` once the signal is aborted. */
export function refuseIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new Failure('CANCELLED', 'Nobody waits for this any more.');
}
