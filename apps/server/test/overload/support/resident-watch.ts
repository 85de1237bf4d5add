import { setTimeout as sleep } from 'node:timers/promises';
import { processUsage } from '@portico/measure/process/process-usage';

export interface ResidentWatch extends AsyncDisposable {
  /** Bytes, one reading after the other. */
  readonly readings: readonly number[];
}

const intervalMilliseconds = 250;

/** Reads the resident memory of a process over and over. */
export function watchResident(pid: number): ResidentWatch {
  const readings: number[] = [];
  const stopping = new AbortController();
  const ended = (async () => {
    while (!stopping.signal.aborted) {
      readings.push((await processUsage(pid)).residentBytes);
      await sleep(intervalMilliseconds);
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
