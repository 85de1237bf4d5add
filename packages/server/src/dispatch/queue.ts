import type { Job } from './job.ts';
import { OrderedJobs } from './ordered-jobs.ts';
import type { Share } from './shares.ts';

/**
 * The jobs of a model that no engine has yet, and which are next: clients in turns, the jobs of each in the order in which
 * they were accepted.
 * Suspects run alone and one at a time, and never twice in a row while healthy jobs are pending: so a poisonous input
 * costs the rest of its batch a second run but never stops the traffic around it.
 */
export class Queue {
  /** Clients that wait, with their healthy jobs: never an empty list. */
  readonly #healthy = new Map<Share, OrderedJobs>();
  readonly #suspects = new OrderedJobs();
  #size = 0;
  #lastWasSuspect = false;

  get size(): number {
    return this.#size;
  }

  push(job: Job): void {
    this.#jobsOf(job.share).push(job);
    this.#count(job);
  }

  /** Puts jobs back that were sent to an engine; those settled meanwhile are dropped. */
  putBack(jobs: readonly Job[]): void {
    const open = jobs.filter((job) => !job.settled);
    for (const job of open) this.#count(job);
    const healthy = open.filter((job) => !job.suspect);
    for (const share of new Set(healthy.map((job) => job.share)))
      this.#jobsOf(share).putBack(healthy.filter((job) => job.share === share));
    this.#suspects.putBack(open.filter((job) => job.suspect));
  }

  remove(job: Job): boolean {
    if (!this.#takeHealthy(job) && !this.#suspects.remove(job)) return false;
    this.#size -= 1;
    job.share.dequeue();
    return true;
  }

  /** Takes everything: nothing will run any more. */
  takeAll(): Job[] {
    const taken: Job[] = [];
    for (const jobs of [...this.#healthy.values(), this.#suspects]) {
      for (let job = jobs.first(); job !== undefined; job = jobs.first()) {
        this.remove(job);
        taken.push(job);
      }
    }
    return taken;
  }

  /**
   * What a free replica runs next: one suspect, or up to `limit` healthy jobs.
   * @param suspectInEngine an engine has a suspect, so the next has to stay pending.
   * @param inputMs the expected cost of an input, in milliseconds of engine time
   */
  takeForFree(limit: number, suspectInEngine: boolean, inputMs: number): Job[] {
    const suspect = this.#suspects.first();
    if (suspect === undefined || suspectInEngine || this.#healthyFirst(suspect, inputMs))
      return this.takeAhead(limit, inputMs);
    this.#lastWasSuspect = true;
    this.#suspects.remove(suspect);
    this.#send(suspect, inputMs);
    return [suspect];
  }

  /** What may be sent to an engine behind its run: never a suspect. */
  takeAhead(limit: number, inputMs: number): Job[] {
    const taken: Job[] = [];
    while (taken.length < limit) {
      const job = this.#next(inputMs);
      if (job === undefined) break;
      this.#takeHealthy(job);
      this.#send(job, inputMs);
      taken.push(job);
    }
    if (taken.length > 0) this.#lastWasSuspect = false;
    return taken;
  }

  /** Jobs of others that a client would be served after, if one more of its own came now, are not among these. */
  countBehind(client: Share | undefined, levelMs: number, inputMs: number): number {
    if (this.#healthy.size === 0 || (this.#healthy.size === 1 && client !== undefined && this.#healthy.has(client)))
      return 0;
    const turnMs = (client?.scoreMs(inputMs) ?? levelMs) + (client?.queued ?? 0) * inputMs;
    let behind = 0;
    for (const [share, { size }] of this.#healthy) {
      if (share === client) continue;
      const leadMs = turnMs - share.scoreMs(inputMs);
      behind += leadMs < 0 ? size : Math.max(0, size - 1 - Math.floor(leadMs / Math.max(inputMs, Number.EPSILON)));
    }
    return behind;
  }

  /** Somebody else than this client waits. */
  othersWait(client: Share | undefined): boolean {
    return this.#healthy.size > (client !== undefined && this.#healthy.has(client) ? 1 : 0);
  }

  /**
   * The newest job of the client that has the most pending, unless this client had no fewer after taking its place:
   * whose turn to leave a full queue it is.
   * @param ahead what is pending in engines; where those have all that the client has pending, it is one of these.
   */
  newestOfGreediest(client: Share | undefined, ahead: readonly Job[]): Job | undefined {
    const counts = new Map<Share, number>();
    for (const share of this.#healthy.keys()) counts.set(share, share.queued);
    for (const { share } of ahead) counts.set(share, (counts.get(share) ?? share.queued) + 1);
    const own = client === undefined ? 0 : (counts.get(client) ?? client.queued);
    let greediest: Share | undefined;
    let most = own + 1;
    for (const [share, count] of counts) {
      if (count <= most) continue;
      most = count;
      greediest = share;
    }
    if (greediest === undefined) return undefined;
    return (
      this.#healthy.get(greediest)?.newest() ?? ahead.filter(({ share }) => share === greediest).sort(newestFirst)[0]
    );
  }

  #jobsOf(share: Share): OrderedJobs {
    const known = this.#healthy.get(share);
    if (known !== undefined) return known;
    const jobs = new OrderedJobs();
    this.#healthy.set(share, jobs);
    return jobs;
  }

  #count({ share }: Job): void {
    this.#size += 1;
    share.enqueue();
  }

  #send({ share }: Job, inputMs: number): void {
    this.#size -= 1;
    share.send(inputMs);
  }

  /** The oldest job of the client that has had the least. */
  #next(inputMs: number): Job | undefined {
    let next: OrderedJobs | undefined;
    let leastMs = Number.POSITIVE_INFINITY;
    for (const [share, jobs] of this.#healthy) {
      // Alone, a client needs no comparison.
      const scoreMs = this.#healthy.size === 1 ? 0 : share.scoreMs(inputMs);
      if (scoreMs >= leastMs) continue;
      leastMs = scoreMs;
      next = jobs;
    }
    return next?.first();
  }

  #takeHealthy(job: Job): boolean {
    const jobs = this.#healthy.get(job.share);
    if (jobs?.remove(job) !== true) return false;
    if (jobs.size === 0) this.#healthy.delete(job.share);
    return true;
  }

  #healthyFirst(suspect: Job, inputMs: number): boolean {
    const healthy = this.#next(inputMs);
    if (healthy === undefined || this.#lastWasSuspect) return healthy !== undefined;
    if (healthy.share === suspect.share) return healthy.id < suspect.id;
    return healthy.share.scoreMs(inputMs) < suspect.share.scoreMs(inputMs);
  }
}

const newestFirst = (one: Job, other: Job): number => other.id - one.id;
