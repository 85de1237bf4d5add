import type { Sample } from '@portico/measure/load/tally';

/** What is kept of a request, without its response's body. Times are of `performance.now()`. */
export interface Entry {
  readonly sentAt: number;
  readonly endedAt: number;
  readonly outcome: string;
  readonly retryAfterSeconds: number | undefined;
}

/** Every request of a load, in the order in which they ended. */
export class Journal {
  readonly entries: Entry[] = [];

  readonly observe = ({ sentAt, endedAt, outcome, response }: Sample): void => {
    const retryAfter = response?.headers['retry-after'];
    this.entries.push({
      sentAt,
      endedAt,
      outcome,
      retryAfterSeconds: retryAfter === undefined ? undefined : Number(retryAfter),
    });
  };
}
