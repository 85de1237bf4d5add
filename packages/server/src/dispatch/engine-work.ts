import type { AssignedWork, LostWork } from './assigned-work.ts';
import type { Outcome } from './engine.ts';
import type { EngineLife } from './engine-life.ts';
import type { ReplicaConditions } from './replica-conditions.ts';
import type { WorkListener } from './replica-listener.ts';
import type { Run } from './run.ts';
import { RunWatch } from './run-watch.ts';
import { SilenceWatch } from './silence-watch.ts';
import type { Work } from './work.ts';

/** What is said between the gateway and one engine about work. An engine that takes too long with it is killed. */
export class EngineWork {
  readonly #conditions: ReplicaConditions;
  readonly #life: EngineLife;
  readonly #listener: WorkListener;
  readonly #assigned: AssignedWork;
  readonly #runWatch: RunWatch;
  readonly #silence: SilenceWatch;

  constructor(conditions: ReplicaConditions, life: EngineLife, assigned: AssignedWork, listener: WorkListener) {
    const { clock, limits } = conditions;
    this.#conditions = conditions;
    this.#life = life;
    this.#assigned = assigned;
    this.#listener = listener;
    this.#runWatch = new RunWatch(clock, limits.runMs, (reason) => life.kill(reason));
    this.#silence = new SilenceWatch(clock, limits.runMs, () => life.kill('unresponsive'));
  }

  send(works: readonly Work[]): void {
    for (const work of works) work.ticket = this.#conditions.nextTicket();
    this.#assigned.add(works);
    const inputs = works.flatMap(({ ticket: id, payload }) => (payload === undefined ? [] : [{ ...payload, id }]));
    this.#life.engine?.send(inputs);
    this.#expectBeginning();
  }

  /** Takes back up to `limit` inputs that wait behind others, so that a free replica can have them. */
  withdraw(limit: number): Work[] {
    const works = this.#assigned.takeBack(limit);
    if (works.length > 0) this.#life.engine?.cancel(works.map(({ ticket }) => ticket));
    return works;
  }

  /** Nobody waits for this any more. */
  abandon(work: Work): void {
    this.#assigned.remove(work);
    this.#life.engine?.cancel([work.ticket]);
    this.#endAbandoned();
  }

  began(tickets: readonly number[]): void {
    this.#silence.heard();
    const { works } = this.#assigned.begin(tickets, this.#conditions.clock.now(), this.#life.killed);
    this.#runWatch.began();
    this.#listener.began(works);
    this.#endAbandoned();
  }

  /** A run that tells something, if only for the second time, is not one that hangs. */
  item(ticket: number, index: number, body: Uint8Array): void {
    const work = this.#assigned.run?.works.find((candidate) => candidate.ticket === ticket);
    if (work === undefined || work.answered) return;
    this.#runWatch.progressed();
    work.tell(index, body);
  }

  outcome(ticket: number, outcome: Outcome): void {
    const { run } = this.#assigned;
    if (run === undefined) return;
    const work = run.works.find((candidate) => candidate.ticket === ticket);
    // What was withdrawn too late has an outcome too, and another replica answers it.
    if (work !== undefined) {
      this.#listener.outcome(work, outcome);
      run.count(outcome);
    }
    // The end of the run must follow.
    if (run.abandoned) this.#silence.expectSign();
  }

  /** Returns the run that is over; undefined where all that had been sent was cancelled before a run began. */
  finished(): Run | undefined {
    const { run } = this.#assigned;
    this.stopWatching();
    this.#assigned.endRun();
    this.#expectBeginning();
    return run;
  }

  /** Takes everything from an engine that is gone, divided into what it may have died of and the rest. */
  lose(): LostWork {
    this.stopWatching();
    return this.#assigned.lose(this.#life.killed);
  }

  stopWatching(): void {
    this.#silence.heard();
    this.#runWatch.ended();
  }

  /** A free engine begins at once with what it is sent. */
  #expectBeginning(): void {
    if (this.#assigned.beginning) this.#silence.expectSign();
  }

  #endAbandoned(): void {
    const { run } = this.#assigned;
    if (run?.abandoned === true) this.#runWatch.abandoned(run, this.#life.info?.warmUpMs ?? 0);
  }
}
