import type { CallOff } from './clock.ts';
import type { Death } from './death.ts';
import type { Engine, EngineInfo, EngineListener, Outcome } from './engine.ts';
import type { RestartReason } from './observer.ts';
import type { ReplicaOwner } from './replica-owner.ts';
import { respawnDelay } from './respawn-delay.ts';
import { isAbandoned, type Run, scheduleEndOfAbandoned } from './run.ts';
import { SilenceWatch } from './silence-watch.ts';
import type { Work } from './work.ts';

/**
 * One engine process and its successors. Besides its run it holds work that was sent ahead, at most one run's worth,
 * so that the engine never waits for the gateway between two runs; and what has not begun is lost with no engine.
 */
export class Replica {
  readonly #owner: ReplicaOwner;
  #engine: Engine | undefined;
  #info: EngineInfo | undefined;
  #run: Run | undefined;
  /** Sent and not begun, by ticket. */
  readonly #sent = new Map<number, Work>();
  #deathsInARow = 0;
  #runs = 0;
  #retiring = false;
  #stopped = false;
  #launchedAt = 0;
  /** Why the engine is being killed, where it is us who do it. */
  #killReason: RestartReason | undefined;
  /** The run for which it is killed; one that begins before the end comes is not to blame. */
  #condemned: Run | undefined;
  #loadFailure: string | undefined;
  #callOffTimer: CallOff = () => {};
  readonly #silence: SilenceWatch;

  constructor(owner: ReplicaOwner) {
    this.#owner = owner;
    this.#silence = new SilenceWatch(owner.clock, owner.limits.runMilliseconds, () => this.#kill('unresponsive'));
  }

  get ready(): boolean {
    return this.#info !== undefined && this.#killReason === undefined && !this.#retiring;
  }

  get idle(): boolean {
    return this.ready && this.#run === undefined && this.#sent.size === 0;
  }

  /** It would begin at once with what comes: it is idle, or about to say that its run is over. */
  get free(): boolean {
    const over = this.#run !== undefined && this.#run.outcomes >= this.#run.works.length && this.#run.works.length > 0;
    return this.idle || (this.ready && over && this.#sent.size === 0);
  }

  /** Inputs that may be sent ahead now. Behind a suspect nobody has to wait. */
  get roomAhead(): number {
    if (!this.ready || this.idle || this.#holdsSuspect()) return 0;
    return Math.max(0, (this.#info?.maxBatch ?? 1) - this.#sent.size);
  }

  /** When the run began; a replica that has just been sent something counts as having begun now. */
  get busySince(): number {
    return this.#run?.startedAt ?? this.#owner.clock.now();
  }

  /** Inputs that the engine is busy with, or begins with as soon as it gets them. */
  get running(): number {
    return this.#run?.works.length ?? this.#beginning;
  }

  /** Inputs that wait in the engine behind others. */
  get waiting(): number {
    return this.#sent.size - this.#beginning;
  }

  /** Inputs on their way to a free engine. */
  get #beginning(): number {
    return this.#run === undefined ? Math.min(this.#sent.size, this.#info?.maxBatch ?? 1) : 0;
  }

  get millisecondsSinceLaunch(): number {
    return this.#owner.clock.now() - this.#launchedAt;
  }

  holds(work: Work): boolean {
    return this.#sent.has(work.ticket) || this.#run?.works.includes(work) === true;
  }

  /** Starts the engine process. */
  launch(): void {
    const { clock, limits } = this.#owner;
    this.#launchedAt = clock.now();
    this.#killReason = undefined;
    this.#condemned = undefined;
    this.#loadFailure = undefined;
    this.#retiring = false;
    this.#runs = 0;
    const expectProgress = (): void => {
      this.#callOffTimer();
      this.#callOffTimer = clock.schedule(limits.loadMilliseconds, () => this.#kill('load-timeout'));
    };
    expectProgress();
    this.#engine = this.#owner.launch(this.#listener(expectProgress));
  }

  send(works: readonly Work[]): void {
    for (const work of works) {
      work.ticket = this.#owner.nextTicket();
      this.#sent.set(work.ticket, work);
    }
    this.#engine?.send(works.flatMap(({ ticket: id, payload }) => (payload === undefined ? [] : [{ id, payload }])));
    this.#expectBeginning();
  }

  /** Takes back up to `limit` inputs that wait behind others, so that a free replica can have them. */
  withdraw(limit: number): Work[] {
    const withdrawn = [...this.#sent].slice(this.#beginning, this.#beginning + limit);
    const tickets = withdrawn.map(([ticket]) => ticket);
    for (const ticket of tickets) this.#sent.delete(ticket);
    if (tickets.length > 0) this.#engine?.cancel(tickets);
    return withdrawn.map(([, work]) => work);
  }

  /** Nobody waits for this any more. */
  abandon(work: Work): void {
    this.#sent.delete(work.ticket);
    this.#engine?.cancel([work.ticket]);
    if (this.#run !== undefined && isAbandoned(this.#run)) this.#endAbandoned(this.#run);
  }

  /** Ends the process for good. */
  stop(): void {
    this.#stopped = true;
    this.#callOffTimer();
    this.#silence.heard();
    this.#run?.callOff();
    this.#engine?.kill();
  }

  #listener(expectProgress: () => void): EngineListener {
    return {
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
      began: (ids) => this.#began(ids),
      outcome: (id, outcome) => this.#outcome(id, outcome),
      finished: () => this.#finished(),
      memory: (residentBytes) => this.#memory(residentBytes),
      exited: (detail) => this.#exited(detail),
    };
  }

  #began(ids: readonly number[]): void {
    const { clock, limits } = this.#owner;
    this.#silence.heard();
    // What was withdrawn a moment too late runs here for nothing, and its outcome is dropped.
    const works = ids.flatMap((id) => this.#sent.get(id) ?? []);
    for (const { ticket } of works) this.#sent.delete(ticket);
    this.#run = {
      works,
      startedAt: clock.now(),
      succeeded: false,
      outcomes: 0,
      callOff: clock.schedule(limits.runMilliseconds, () => this.#kill('timeout')),
    };
    this.#owner.began(works);
    if (isAbandoned(this.#run)) this.#endAbandoned(this.#run);
  }

  #endAbandoned(run: Run): void {
    scheduleEndOfAbandoned(run, this.#owner.clock, this.#info?.warmUpMilliseconds ?? 0, () => this.#kill('abandoned'));
  }

  #outcome(id: number, outcome: Outcome): void {
    const run = this.#run;
    const work = run?.works.find((candidate) => candidate.ticket === id);
    if (work !== undefined) this.#owner.outcome(work, outcome);
    if (run !== undefined) {
      run.succeeded ||= outcome.ok;
      run.outcomes += 1;
    }
    // The end of the run must follow.
    if (run !== undefined && isAbandoned(run)) this.#silence.expectSign();
  }

  #finished(): void {
    const run = this.#run;
    this.#silence.heard();
    run?.callOff();
    this.#run = undefined;
    if (run !== undefined) {
      this.#runs += 1;
      this.#deathsInARow = 0;
    }
    if (this.#retiring && this.#sent.size === 0) this.#kill('memory-soft');
    this.#expectBeginning();
    if (run !== undefined) this.#owner.finished(run);
  }

  /** A free engine begins at once with what it is sent. */
  #expectBeginning(): void {
    if (this.#run === undefined && this.#sent.size > 0) this.#silence.expectSign();
  }

  #memory(residentBytes: number): void {
    const { softBytes, hardBytes } = this.#owner.limits.memory;
    if (residentBytes > hardBytes) this.#kill('memory-hard');
    // An engine that has run nothing yet would come back just as large.
    else if (residentBytes > softBytes && this.#runs > 0 && this.ready) this.#retire();
  }

  #retire(): void {
    const idle = this.idle;
    this.#retiring = true;
    if (idle) this.#kill('memory-soft');
  }

  #kill(reason: RestartReason): void {
    if (this.#killReason !== undefined) return;
    this.#killReason = reason;
    this.#condemned = this.#run;
    this.#callOffTimer();
    this.#engine?.kill();
  }

  #exited(detail: string): void {
    this.#run?.callOff();
    this.#callOffTimer();
    this.#silence.heard();
    const sent = [...this.#sent.values()];
    const guilty = this.#guilty(sent);
    const death: Death = {
      reason: this.#killReason ?? 'crash',
      detail: this.#loadFailure ?? detail,
      running: guilty,
      waiting: [...(this.#run?.works ?? []), ...sent].filter((work) => !guilty.includes(work)),
    };
    this.#engine = undefined;
    this.#info = undefined;
    this.#run = undefined;
    this.#sent.clear();
    if (this.#stopped) return;
    if (death.reason !== 'memory-soft') this.#deathsInARow += 1;
    const delay = respawnDelay(this.#deathsInARow);
    if (delay === 0) this.launch();
    else this.#callOffTimer = this.#owner.clock.schedule(delay, () => this.launch());
    this.#owner.died(death);
  }

  /** What the engine may have died of: its run, unless that began after the kill, or else what it was about to begin. */
  #guilty(sent: readonly Work[]): readonly Work[] {
    if (this.#killReason !== undefined) return this.#run === this.#condemned ? (this.#run?.works ?? []) : [];
    return this.#run?.works ?? sent;
  }

  #holdsSuspect(): boolean {
    return [...(this.#run?.works ?? []), ...this.#sent.values()].some((work) => work.suspect);
  }
}
