import type { Job } from './job.ts';

/** Jobs in the order in which they were accepted. Removing any of them is cheap, because clients leave at any time. */
export class OrderedJobs {
  /** A Map keeps the order of insertion and forgets a key in constant time. */
  #jobs = new Map<number, Job>();

  get size(): number {
    return this.#jobs.size;
  }

  first(): Job | undefined {
    return this.#jobs.values().next().value;
  }

  all(): Job[] {
    return [...this.#jobs.values()];
  }

  newest(): Job | undefined {
    return this.all().at(-1);
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
}
