import { type Batch, isAbandoned } from './batch.ts';
import type { CallOff, Clock } from './clock.ts';
import type { Engine, EngineInfo, LaunchEngine, Outcome } from './engine.ts';
import type { RestartReason } from './observer.ts';
import { respawnDelay } from './respawn-delay.ts';

export interface ReplicaLimits {
  /** A run is ended this long after it began. */
  readonly runMilliseconds: number;
  /** A load is ended after this long without progress. */
  readonly loadMilliseconds: number;
  /** Over the soft limit the engine is replaced after its work, over the hard one at once. */
  readonly memory: { readonly softBytes: number; readonly hardBytes: number };
}

/** What a replica tells its model's dispatcher. */
export interface ReplicaOwner {
  readonly clock: Clock;
  readonly launch: LaunchEngine;
  readonly limits: ReplicaLimits;
  becameReady(replica: Replica, info: EngineInfo): void;
  progress(detail: string): void;
  outcome(batch: Batch, id: number, outcome: Outcome): void;
  /** The running batch is done; another may have begun, or the replica is free. */
  finished(replica: Replica, batch: Batch): void;
  /** A batch that waited in the engine begins. */
  began(batch: Batch): void;
  /** The engine is gone: `running` may have been its end, `waiting` had not begun. */
  died(
    replica: Replica,
    reason: RestartReason,
    detail: string,
    running: Batch | undefined,
    waiting: Batch | undefined,
  ): void;
}

/** A run whose callers have all left is worth this much patience, and ten times the warm-up, before it is ended. */
const abandonedPatienceMilliseconds = 1_000;
const abandonedPatienceWarmUps = 10;

/**
 * One engine process and its successors. It runs one batch and holds at most one more that is already in the
 * engine, so that the engine never waits for the gateway between two runs.
 */
export class Replica {
  readonly #owner: ReplicaOwner;
  #engine: Engine | undefined;
  #info: EngineInfo | undefined;
  #running: Batch | undefined;
  #waiting: Batch | undefined;
  #deathsInARow = 0;
  #runs = 0;
  #retiring = false;
  #stopped = false;
  #launchedAt = 0;
  /** Why the engine is being killed, where it is us who do it. */
  #killReason: RestartReason | undefined;
  #loadFailure: string | undefined;
  #callOffTimer: CallOff = () => {};

  constructor(owner: ReplicaOwner) {
    this.#owner = owner;
  }

  get ready(): boolean {
    return this.#info !== undefined && this.#killReason === undefined && !this.#retiring;
  }

  get idle(): boolean {
    return this.ready && this.#running === undefined;
  }

  /** Another batch may be sent although one is running. Behind a suspect nobody has to wait. */
  get canPrefetch(): boolean {
    return this.ready && this.#running !== undefined && !this.#running.suspect && this.#waiting === undefined;
  }

  get running(): Batch | undefined {
    return this.#running;
  }

  get waiting(): Batch | undefined {
    return this.#waiting;
  }

  get millisecondsSinceLaunch(): number {
    return this.#owner.clock.now() - this.#launchedAt;
  }

  /** Starts the engine process. */
  launch(): void {
    const { clock, limits } = this.#owner;
    this.#launchedAt = clock.now();
    this.#killReason = undefined;
    this.#loadFailure = undefined;
    this.#retiring = false;
    this.#runs = 0;
    const expectProgress = (): void => {
      this.#callOffTimer();
      this.#callOffTimer = clock.schedule(limits.loadMilliseconds, () => this.#kill('load-timeout'));
    };
    expectProgress();
    this.#engine = this.#owner.launch({
      progress: (detail) => {
        if (this.#info === undefined) expectProgress();
        this.#owner.progress(detail);
      },
      ready: (info) => {
        this.#callOffTimer();
        this.#info = info;
        this.#owner.becameReady(this, info);
      },
      loadFailed: (detail) => {
        this.#loadFailure = detail;
        this.#kill('load-failed');
      },
      outcome: (id, outcome) => this.#outcome(id, outcome),
      finished: (batch) => this.#finished(batch),
      memory: (residentBytes) => this.#memory(residentBytes),
      exited: (detail) => this.#exited(detail),
    });
  }

  /** Runs a batch now, or, while another runs, right after it. */
  run(batch: Batch): void {
    if (this.#running === undefined) {
      this.#running = batch;
      this.#begin(batch);
    } else {
      this.#waiting = batch;
    }
    this.#engine?.run(
      batch.id,
      batch.works.flatMap(({ id, payload }) => (payload === undefined ? [] : [{ id, payload }])),
    );
  }

  /** Takes back the batch that has not begun, so that a free replica can have it. */
  withdraw(): Batch | undefined {
    const batch = this.#waiting;
    if (batch === undefined) return undefined;
    this.#waiting = undefined;
    this.#engine?.cancel(batch.works.map((work) => work.id));
    return batch;
  }

  /** Somebody stopped waiting for work that was sent here. */
  abandoned(id: number): void {
    this.#engine?.cancel([id]);
    if (this.#running !== undefined && isAbandoned(this.#running)) this.#endAbandonedRun(this.#running);
  }

  /** Ends the process for good. */
  stop(): void {
    this.#stopped = true;
    this.#callOffTimer();
    this.#running?.callOff();
    this.#engine?.kill();
  }

  #begin(batch: Batch): void {
    const { clock, limits } = this.#owner;
    batch.startedAt = clock.now();
    batch.callOff = clock.schedule(limits.runMilliseconds, () => this.#kill('timeout'));
    this.#owner.began(batch);
    if (isAbandoned(batch)) this.#endAbandonedRun(batch);
  }

  #endAbandonedRun(batch: Batch): void {
    const { clock } = this.#owner;
    const patience = Math.max(
      abandonedPatienceMilliseconds,
      abandonedPatienceWarmUps * (this.#info?.warmUpMilliseconds ?? 0),
    );
    const lasted = clock.now() - (batch.startedAt ?? clock.now());
    const callOffRunTimer = batch.callOff;
    const callOffPatience = clock.schedule(Math.max(0, patience - lasted), () => this.#kill('abandoned'));
    batch.callOff = () => {
      callOffRunTimer();
      callOffPatience();
    };
  }

  #outcome(id: number, outcome: Outcome): void {
    if (this.#running !== undefined) this.#owner.outcome(this.#running, id, outcome);
  }

  #finished(batchId: number): void {
    const batch = this.#running;
    // A batch that was withdrawn still comes back as finished, empty; it is nobody's any more.
    if (batch === undefined || batch.id !== batchId) return;
    batch.callOff();
    this.#deathsInARow = 0;
    this.#runs += 1;
    this.#running = this.#waiting;
    this.#waiting = undefined;
    if (this.#running !== undefined) this.#begin(this.#running);
    else if (this.#retiring) this.#kill('memory-soft');
    this.#owner.finished(this, batch);
  }

  #memory(residentBytes: number): void {
    const { softBytes, hardBytes } = this.#owner.limits.memory;
    if (residentBytes > hardBytes) this.#kill('memory-hard');
    // An engine that has run nothing yet would come back just as large.
    else if (residentBytes > softBytes && this.#runs > 0 && this.#info !== undefined) this.#retire();
  }

  #retire(): void {
    this.#retiring = true;
    if (this.#running === undefined) this.#kill('memory-soft');
  }

  #kill(reason: RestartReason): void {
    if (this.#killReason !== undefined) return;
    this.#killReason = reason;
    this.#callOffTimer();
    this.#engine?.kill();
  }

  #exited(detail: string): void {
    const running = this.#running;
    const waiting = this.#waiting;
    running?.callOff();
    this.#callOffTimer();
    const reason = this.#killReason ?? 'crash';
    this.#engine = undefined;
    this.#info = undefined;
    this.#running = undefined;
    this.#waiting = undefined;
    if (this.#stopped) return;
    if (reason !== 'memory-soft') this.#deathsInARow += 1;
    const delay = respawnDelay(this.#deathsInARow);
    if (delay === 0) this.launch();
    else this.#callOffTimer = this.#owner.clock.schedule(delay, () => this.launch());
    this.#owner.died(this, reason, this.#loadFailure ?? detail, running, waiting);
  }
}
