import type { Batch } from './batch.ts';
import type { Work } from './work.ts';
import { WorkQueue } from './work-queue.ts';

/**
 * What waits for a model, and who goes next.
 * Suspects run alone and one at a time, and never twice in a row while healthy work waits: so a poisonous input
 * costs its mates a second run but never stops the traffic around it.
 */
export class BatchFormer {
  readonly #healthy = new WorkQueue();
  readonly #suspects = new WorkQueue();
  #suspectRunning = false;
  #lastWasSuspect = false;
  #nextBatch = 1;

  get size(): number {
    return this.#healthy.size + this.#suspects.size;
  }

  push(work: Work): void {
    this.#healthy.push(work);
  }

  /** Puts work back that was sent to an engine and has not been answered. */
  putBack(works: readonly Work[]): void {
    const open = works.filter((work) => !work.answered);
    this.#healthy.putBack(open.filter((work) => !work.suspect));
    this.#suspects.putBack(open.filter((work) => work.suspect));
  }

  remove(work: Work): boolean {
    return this.#healthy.remove(work) || this.#suspects.remove(work);
  }

  /** The next batch for a free replica, of at most `limit` inputs. */
  next(limit: number): Batch | undefined {
    const mayRunSuspect = this.#suspects.size > 0 && !this.#suspectRunning;
    const healthyFirst = this.#healthy.size > 0 && (this.#lastWasSuspect || this.#arrivedFirst());
    if (mayRunSuspect && !healthyFirst) {
      this.#suspectRunning = true;
      this.#lastWasSuspect = true;
      return this.#batch(this.#suspects.take(1), true);
    }
    return this.nextHealthy(limit);
  }

  /** The next batch that may wait in an engine behind a running one: never a suspect. */
  nextHealthy(limit: number): Batch | undefined {
    if (this.#healthy.size === 0) return undefined;
    this.#lastWasSuspect = false;
    return this.#batch(this.#healthy.take(limit), false);
  }

  /** The batch has left its engine. */
  done(batch: Batch): void {
    if (batch.suspect) this.#suspectRunning = false;
  }

  /** The oldest healthy work is older than the oldest suspect. */
  #arrivedFirst(): boolean {
    const healthy = this.#healthy.first();
    const suspect = this.#suspects.first();
    return healthy !== undefined && (suspect === undefined || healthy.id < suspect.id);
  }

  #batch(works: readonly Work[], suspect: boolean): Batch {
    return { id: this.#nextBatch++, works, suspect, startedAt: undefined, callOff: () => {} };
  }
}
