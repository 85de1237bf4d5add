import { Failure } from '@portico/schemas';
import { assignWork } from './assign-work.ts';
import { Backlog } from './backlog.ts';
import type { Death } from './death.ts';
import type { Outcome } from './engine.ts';
import { ReplicaSet, type ReplicaSetOptions } from './replica-set.ts';
import type { Run } from './run.ts';
import { secondChance } from './second-chance.ts';
import type { Work } from './work.ts';

/**
 * The way of work through a model: from the backlog to a replica, back when its engine dies, and to its answer.
 * It is driven by events alone: whenever something waits and a replica could take it, it is sent.
 */
export class Scheduler {
  readonly replicas: ReplicaSet;
  readonly #options: ReplicaSetOptions;
  readonly #backlog = new Backlog();

  constructor(options: ReplicaSetOptions) {
    this.#options = options;
    this.replicas = new ReplicaSet(options, {
      joined: () => this.#assign(),
      began: (works) => this.#began(works),
      outcome: (work, outcome) => this.#outcome(work, outcome),
      finished: (run) => this.#finished(run),
      died: (death) => this.#died(death),
    });
  }

  /** Work that no engine has begun. */
  get waiting(): number {
    return this.replicas.all.reduce((sum, { assigned }) => sum + assigned.waiting, this.#backlog.size);
  }

  /** Work that engines are busy with. */
  get running(): number {
    return this.replicas.all.reduce((sum, { assigned }) => sum + assigned.running, 0);
  }

  add(work: Work): void {
    this.#backlog.push(work);
    this.#assign();
  }

  /** Nobody waits for this any more, wherever it is. */
  abandon(work: Work): void {
    if (this.#backlog.remove(work)) return;
    this.replicas.all.find(({ assigned }) => assigned.holds(work))?.work.abandon(work);
    if (work.startedAt === undefined) this.#backlog.left([work]);
    this.#assign();
  }

  #assign(): void {
    assignWork(this.#backlog, this.replicas.all, this.replicas.maxBatch);
  }

  #began(works: readonly Work[]): void {
    const { clock, model, observer } = this.#options;
    const now = clock.now();
    for (const work of works) work.startedAt = now;
    const waits = works.map((work) => now - work.enqueuedAt);
    if (works.length > 0) observer.started(model, works.length, waits);
    this.#assign();
  }

  #outcome(work: Work, outcome: Outcome): void {
    const queue = (work.startedAt ?? work.enqueuedAt) - work.enqueuedAt;
    work.answer(outcome.ok ? { body: outcome.body, times: { queue, ...outcome.times } } : outcome.failure);
  }

  #finished({ works }: Run): void {
    this.#backlog.left(works);
    // An engine answers all it was given; should one not, its clients must not wait for ever.
    for (const work of works) {
      // Asked first, because a failure costs as much as a stack trace.
      if (!work.answered) work.answer(new Failure('INTERNAL', 'The engine gave no answer.'));
    }
    this.#assign();
  }

  #died({ reason, running, waiting }: Death): void {
    const lost = [...running, ...waiting];
    this.#backlog.left(lost);
    for (const work of lost) work.startedAt = undefined;
    for (const work of running) secondChance(work, reason, running.length);
    this.#backlog.putBack(lost);
    this.#assign();
  }
}
