import { Latencies } from './latencies.ts';
import type { LoadResult } from './load-result.ts';
import type { Sample } from './sample.ts';

const complaintsKept = 5;
const good = '200';

/** Counts what becomes of the requests of one load. */
export class Tally {
  readonly #startedAt: number;
  readonly #byOutcome = new Map<string, Latencies>();
  readonly #lag = new Latencies();
  readonly #complaints: string[] = [];
  #sent = 0;
  #ended = 0;
  #unsent = 0;
  #peakInFlight = 0;
  #lastEndedAt: number;

  constructor(startedAt: number) {
    this.#startedAt = startedAt;
    this.#lastEndedAt = startedAt;
  }

  get inFlight(): number {
    return this.#sent - this.#ended;
  }

  sending(lateMs: number): void {
    this.#sent += 1;
    this.#lag.record(lateMs);
    this.#peakInFlight = Math.max(this.#peakInFlight, this.inFlight);
  }

  leftOut(): void {
    this.#unsent += 1;
  }

  ended(sample: Sample, complaint: string | undefined): void {
    this.#ended += 1;
    this.#lastEndedAt = Math.max(this.#lastEndedAt, sample.endedAt);
    const latencies = this.#byOutcome.get(sample.outcome) ?? new Latencies();
    this.#byOutcome.set(sample.outcome, latencies);
    latencies.record(sample.endedAt - sample.dueAt);
    if (complaint !== undefined && this.#complaints.length < complaintsKept) this.#complaints.push(complaint);
  }

  result(): LoadResult {
    const summaries = [...this.#byOutcome].map(([outcome, latencies]) => [outcome, latencies.summary()] as const);
    const seconds = (this.#lastEndedAt - this.#startedAt) / 1_000;
    const latency = (this.#byOutcome.get(good) ?? new Latencies()).summary();
    return {
      sent: this.#sent,
      unsent: this.#unsent,
      seconds,
      good: latency.count,
      goodPerSecond: seconds > 0 ? latency.count / seconds : 0,
      latency,
      outcomes: Object.fromEntries(summaries.map(([outcome, { count }]) => [outcome, count])),
      latencyByOutcome: Object.fromEntries(summaries),
      complaints: this.#complaints,
      lag: this.#lag.summary(),
      peakInFlight: this.#peakInFlight,
    };
  }
}
