import { openLoop } from '@portico/measure/load/open-loop';
import type { Sample } from '@portico/measure/load/tally';
import type { Door } from '../../drain/support/doors.ts';

/** How often each outcome came: `200`, a status with the error's code, or the code of a broken connection. */
export type Outcomes = Readonly<Record<string, number>>;

export interface Clients {
  readonly outcomes: Outcomes;
  readonly slowestMs: number;
  /** The longest time without a 200 after this moment of `performance.now()`. */
  longestSilence(since: number): number;
  /** Sends no more and waits for the last answers. */
  stop(): Promise<void>;
}

/** Requests a second: enough that some are always under way, few enough for a small and busy machine. */
const defaultRate = 50;
const maxSeconds = 120;

/** Asks the same of a model at a steady rate, whatever the server does; each answer must be the client's own. */
export function clients(url: string, door: Door, perSecond = defaultRate): Clients {
  const outcomes: Record<string, number> = {};
  const goodAt: number[] = [];
  let slowestMs = 0;
  const stopping = new AbortController();
  const loading = openLoop({
    url,
    arrivals: 'constant',
    perSecond,
    seconds: maxSeconds,
    signal: stopping.signal,
    request: (turn) => ({ path: door.path, headers: { 'content-type': door.type }, body: door.body(turn) }),
    // Answers are judged below, where the turn is known.
    check: () => undefined,
    observe: (sample) => {
      const outcome = outcomeOf(sample, door);
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      slowestMs = Math.max(slowestMs, sample.endedAt - sample.dueAt);
      if (outcome === '200') goodAt.push(sample.endedAt);
    },
  });
  return {
    outcomes,
    get slowestMs() {
      return slowestMs;
    },
    longestSilence: (since) => {
      const ends = [...goodAt.filter((time) => time > since), performance.now()];
      return Math.max(...ends.map((end, index) => end - (ends[index - 1] ?? since)));
    },
    stop: async () => {
      stopping.abort();
      await loading;
    },
  };
}

function outcomeOf({ turn, outcome, response }: Sample, door: Door): string {
  if (response === undefined) return outcome;
  const text = response.body.toString();
  if (response.status === 200) return door.isRight(text, turn) ? '200' : 'wrong answer';
  return outcomeWords(response.status, (JSON.parse(text) as { code?: unknown }).code);
}

export const outcomeWords = (status: number, code: unknown): string =>
  status === 200 ? '200' : `${status} ${String(code)}`;
