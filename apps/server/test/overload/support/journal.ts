import type { Sample } from '@portico/measure/load/sample';

/** What is kept of a request, without its answer's body. Times are of `performance.now()`. */
export interface Entry {
  readonly sentAt: number;
  readonly endedAt: number;
  readonly outcome: string;
  readonly retryAfterSeconds: number | undefined;
}

/** Every request of a load, in the order in which they ended. */
export class Journal {
  readonly entries: Entry[] = [];

  readonly observe = ({ sentAt, endedAt, outcome, answer }: Sample): void => {
    const retryAfter = answer?.headers['retry-after'];
    this.entries.push({
      sentAt,
      endedAt,
      outcome,
      retryAfterSeconds: retryAfter === undefined ? undefined : Number(retryAfter),
    });
  };
}
