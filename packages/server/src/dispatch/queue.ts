import type { Job } from './job.ts';
import type { Losses } from './losses.ts';
import { OrderedJobs } from './ordered-jobs.ts';
import type { Share } from './shares.ts';

/**
 * The jobs of a model that no engine has yet, and which are next: clients in turns, the jobs of each in the order in which
 * they were accepted.
 * Suspects run alone and one at a time, and never twice in a row while healthy jobs are pending: so a poisonous input
 * costs the rest of its batch a second run but never stops the traffic around it.
 */
export class Queue {
  readonly #losses: Losses;
  /** Clients that wait, with their healthy jobs: never an empty list. */
  readonly #healthy = new Map<Share, OrderedJobs>();
  readonly #suspects = new OrderedJobs();
  #size = 0;
  #lastWasSuspect = false;

  constructor(losses: Losses) {
    this.#losses = losses;
  }

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

  /**
   * What a free replica runs next: one suspect, or up to `limit` healthy jobs.
   * @param mayRisk no engine has a suspect or a job of a client that has cost engines; otherwise the next stays pending.
   * @param inputMs the expected cost of an input, in milliseconds of engine time
   */
  takeForFree(limit: number, mayRisk: boolean, inputMs: number): Job[] {
    const suspect = this.#suspects.first();
    if (suspect === undefined || !mayRisk || this.#healthyFirst(suspect, inputMs))
      return this.#takeHealthyJobs(limit, { isFree: true, mayRisk }, inputMs);
    this.#lastWasSuspect = true;
    this.#suspects.remove(suspect);
    this.#send(suspect);
    return [suspect];
  }

  /** What may be sent to an engine behind its run: no suspect, and nothing of a client that stays apart. */
  takeAhead(limit: number, inputMs: number): Job[] {
    return this.#takeHealthyJobs(limit, { isFree: false, mayRisk: false }, inputMs);
  }

  /** Takes everything that a client has here, or that anybody has. */
  takeAll(share?: Share): Job[] {
    const all = [...this.#healthy.values(), this.#suspects].flatMap((jobs) => jobs.all());
    const jobs = share === undefined ? all : all.filter((job) => job.share === share);
    for (const job of jobs) this.remove(job);
    return jobs;
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

  /** A client other than this one waits. */
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

  #send({ share }: Job): void {
    this.#size -= 1;
    share.send();
  }

  #takeHealthyJobs(limit: number, place: { isFree: boolean; mayRisk: boolean }, inputMs: number): Job[] {
    const taken: Job[] = [];
    const lossesMatter = this.#losses.matter;
    // A client that was in a run that failed shares none with others, so that the cause of the next failure is known.
    let apart = false;
    while (taken.length < limit) {
      const [first] = taken;
      const may = (share: Share): boolean => this.#mayJoin(share, first, apart, place);
      const job = this.#next(inputMs, lossesMatter ? may : undefined);
      if (job === undefined) break;
      if (first === undefined) apart = lossesMatter && this.#losses.apart(job.share.client);
      job.apart = apart;
      job.risky = apart && this.#losses.risky(job.share.client);
      this.#takeHealthy(job);
      this.#send(job);
      taken.push(job);
    }
    if (taken.length > 0) this.#lastWasSuspect = false;
    return taken;
  }

  /** Whether a job of this client may join the first job taken for a run, or be the first one in this place. */
  #mayJoin(
    share: Share,
    first: Job | undefined,
    apart: boolean,
    place: { isFree: boolean; mayRisk: boolean },
  ): boolean {
    if (first !== undefined && share === first.share) return true;
    if (!place.isFree || first !== undefined) return !apart && !this.#losses.apart(share.client);
    return place.mayRisk || !this.#losses.risky(share.client);
  }

  /** The oldest job of the client that has had the least, of those that may. */
  #next(inputMs: number, may?: (share: Share) => boolean): Job | undefined {
    let next: OrderedJobs | undefined;
    let leastMs = Number.POSITIVE_INFINITY;
    for (const [share, jobs] of this.#healthy) {
      if (may?.(share) === false) continue;
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
