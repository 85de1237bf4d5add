import type { Job } from './job.ts';

/**
 * The jobs of a model that no engine has yet, and which are next.
 * Suspects run alone and one at a time, and never twice in a row while healthy jobs are pending: so a poisonous input
 * costs the rest of its batch a second run but never stops the traffic around it.
 */
export class Queue {
  readonly #healthy = new OrderedJobs();
  readonly #suspects = new OrderedJobs();
  #lastWasSuspect = false;

  get size(): number {
    return this.#healthy.size + this.#suspects.size;
  }

  push(job: Job): void {
    this.#healthy.push(job);
  }

  /** Puts jobs back that were sent to an engine; those settled meanwhile are dropped. */
  putBack(jobs: readonly Job[]): void {
    const open = jobs.filter((job) => !job.settled);
    this.#healthy.putBack(open.filter((job) => !job.suspect));
    this.#suspects.putBack(open.filter((job) => job.suspect));
  }

  remove(job: Job): boolean {
    return this.#healthy.remove(job) || this.#suspects.remove(job);
  }

  /** Takes everything: nothing will run any more. */
  takeAll(): Job[] {
    return [this.#healthy, this.#suspects].flatMap((jobs) => jobs.take(jobs.size));
  }

  /**
   * What a free replica runs next: one suspect, or up to `limit` healthy jobs.
   * @param suspectInEngine an engine has a suspect, so the next has to stay pending.
   */
  takeForFree(limit: number, suspectInEngine: boolean): Job[] {
    const suspect = this.#suspects.first();
    if (suspect === undefined || suspectInEngine || this.#healthyFirst(suspect)) return this.takeAhead(limit);
    this.#lastWasSuspect = true;
    return this.#suspects.take(1);
  }

  /** What may be sent to an engine behind its run: never a suspect. */
  takeAhead(limit: number): Job[] {
    const jobs = this.#healthy.take(limit);
    if (jobs.length > 0) this.#lastWasSuspect = false;
    return jobs;
  }

  #healthyFirst(suspect: Job): boolean {
    const healthy = this.#healthy.first();
    return healthy !== undefined && (this.#lastWasSuspect || healthy.id < suspect.id);
  }
}

/** Jobs in the order in which they were accepted. Removing any of them is cheap, because clients leave at any time. */
class OrderedJobs {
  /** A Map keeps the order of insertion and forgets a key in constant time. */
  #jobs = new Map<number, Job>();

  get size(): number {
    return this.#jobs.size;
  }

  first(): Job | undefined {
    return this.#jobs.values().next().value;
  }

  push(job: Job): void {
    this.#jobs.set(job.id, job);
  }

  /** Puts jobs back before everything that was accepted later. */
  putBack(jobs: readonly Job[]): void {
    if (jobs.length === 0) return;
    const all = [...jobs, ...this.#jobs.values()].sort((one, other) => one.id - other.id);
    this.#jobs = new Map(all.map((job) => [job.id, job]));
  }

  remove(job: Job): boolean {
    return this.#jobs.delete(job.id);
  }

  /** Takes up to `limit` of the oldest. */
  take(limit: number): Job[] {
    const taken: Job[] = [];
    for (const job of this.#jobs.values()) {
      if (taken.length === limit) break;
      taken.push(job);
      this.#jobs.delete(job.id);
    }
    return taken;
  }
}
