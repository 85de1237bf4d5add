import { setTimeout as sleep } from 'node:timers/promises';

export interface Readings extends AsyncDisposable {
  /** One after the other. */
  readonly readings: readonly number[];
}

/** Reads something over and over until it is disposed of. */
export function watchReadings(read: () => Promise<number>, intervalMs = 250): Readings {
  const readings: number[] = [];
  const stopping = new AbortController();
  const ended = (async () => {
    while (!stopping.signal.aborted) {
      readings.push(await read());
      await sleep(intervalMs);
    }
  })();
  return {
    readings,
    [Symbol.asyncDispose]: async () => {
      stopping.abort();
      await ended;
    },
  };
}
