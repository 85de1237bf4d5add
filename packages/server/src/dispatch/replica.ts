import { AssignedWork, type Workload } from './assigned-work.ts';
import type { EngineListener } from './engine.ts';
import { EngineLife } from './engine-life.ts';
import { EngineWork } from './engine-work.ts';
import type { ReplicaConditions } from './replica-conditions.ts';
import type { ReplicaListener } from './replica-listener.ts';

/**
 * One engine and its work. Besides its run it holds work that was sent ahead, at most one run's worth, so that the
 * engine never waits for the gateway between two runs; and what has not begun is lost with no engine.
 */
export class Replica {
  readonly work: EngineWork;
  readonly #assigned = new AssignedWork();
  readonly #conditions: ReplicaConditions;
  readonly #listener: ReplicaListener;
  readonly #life: EngineLife;
  #runs = 0;

  constructor(conditions: ReplicaConditions, listener: ReplicaListener) {
    this.#conditions = conditions;
    this.#listener = listener;
    this.#life = new EngineLife(conditions);
    this.work = new EngineWork(conditions, this.#life, this.#assigned, listener);
  }

  get assigned(): Workload {
    return this.#assigned;
  }

  /** Work may be sent to it. */
  get ready(): boolean {
    return this.#life.ready;
  }

  get idle(): boolean {
    return this.ready && this.#assigned.empty;
  }

  /** It would begin at once with what comes: it is idle, or about to say that its run is over. */
  get free(): boolean {
    return this.ready && (this.#assigned.empty || this.#assigned.over);
  }

  /** Inputs that may be sent ahead now. */
  get roomAhead(): number {
    return this.ready && !this.#assigned.empty ? this.#assigned.room : 0;
  }

  /** When the run began; a replica that has just been sent something counts as having begun now. */
  get busySince(): number {
    return this.#assigned.run?.startedAt ?? this.#conditions.clock.now();
  }

  get millisecondsSinceLaunch(): number {
    return this.#life.millisecondsSinceLaunch;
  }

  /** Starts the engine process. */
  launch(): void {
    this.#life.launch(this.#engineListener());
  }

  /** Ends the engine process. */
  stop(): void {
    this.work.stopWatching();
    this.#life.stop();
  }

  #engineListener(): EngineListener {
    return {
      progress: (detail) => {
        this.#life.progress();
        this.#listener.progress(detail);
      },
      ready: (info) => {
        this.#life.loaded(info);
        this.#assigned.maxBatch = info.maxBatchSize;
        this.#listener.becameReady(this, info);
      },
      loadFailed: (detail) => this.#life.loadFailed(detail),
      began: (tickets) => this.work.began(tickets),
      item: (ticket, index, body) => this.work.item(ticket, index, body),
      outcome: (ticket, outcome) => this.work.outcome(ticket, outcome),
      finished: () => this.#finished(),
      memory: (residentBytes) => this.#memory(residentBytes),
      exited: (detail) => this.#exited(detail),
    };
  }

  #finished(): void {
    const run = this.work.finished();
    if (run !== undefined) this.#runs += 1;
    if (this.#life.retiring && this.#assigned.empty) this.#life.kill('memory-soft');
    if (run !== undefined) this.#listener.finished(this, run);
  }

  #memory(residentBytes: number): void {
    const { softBytes, hardBytes } = this.#conditions.limits.memory;
    if (residentBytes > hardBytes) this.#life.kill('memory-hard');
    // An engine that has run nothing yet would come back just as large.
    else if (residentBytes > softBytes && this.#runs > 0 && this.ready) this.#retire();
  }

  /** Over its soft memory limit it gets nothing more, and is killed when it has done what it has. */
  #retire(): void {
    this.#life.retire();
    if (this.#assigned.empty) this.#life.kill('memory-soft');
  }

  #exited(detail: string): void {
    const lost = this.work.lose();
    this.#listener.died({ ...this.#life.exited(detail), ...lost, runs: this.#runs });
  }
}
