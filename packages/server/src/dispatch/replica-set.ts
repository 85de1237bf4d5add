import type { Device } from '@portico/schemas';
import type { EngineDescription, LoadReport } from '../inference.ts';
import { type Capacity, type ServiceEstimate, ServiceTime } from './admission.ts';
import type { Run } from './in-flight.ts';
import type { Job } from './job.ts';
import type { LaunchGate } from './launch-gate.ts';
import { Readiness } from './readiness.ts';
import { type Exit, Replica, type ReplicaSettings } from './replica.ts';
import { newSlot, respawnDelay, type Slot } from './slot.ts';

/**
 * Engine time that may be sent ahead where runs are shorter, and the largest number of inputs for it. An engine that gets each
 * input after the previous one has begun waits longer for the gateway than it runs.
 */
const maxAheadMs = 1;
const maxShortAhead = 16;

export interface ReplicaSetOptions extends ReplicaSettings {
  /** Replicas wanted on a device. Until the first has loaded and reported where it runs, the CPU's number counts. */
  readonly replicasOn: (device: Device) => number;
  /** Shared by all models. */
  readonly gate: LaunchGate;
}

/** The replicas of one model: how many there are, whether the model is ready, and how fast it is. */
export class ReplicaSet {
  readonly readiness: Readiness;
  readonly #options: ReplicaSetOptions;
  readonly #onCapacity: (finished?: Run) => void;
  readonly #onExit: (exit: Exit) => void;
  readonly #serviceTime = new ServiceTime();
  #replacementMs = 0;
  readonly #slots = new Set<Slot>();
  /** Replaced, never changed: an engine may exit during an iteration. */
  #all: readonly Replica[] = [];
  #description: EngineDescription | undefined;
  #nextSendId = 1;

  /**
   * @param onCapacity a replica can take more jobs: a run has begun, or `finished` is over.
   * @param onExit an engine has exited, and its jobs have no replica any more.
   */
  constructor(options: ReplicaSetOptions, onCapacity: (finished?: Run) => void, onExit: (exit: Exit) => void) {
    this.readiness = new Readiness(options.clock);
    this.#options = options;
    this.#onCapacity = onCapacity;
    this.#onExit = onExit;
  }

  /** Launches the first replica; the others follow when it is ready and has reported which device it runs on. */
  start(): void {
    this.#addSlot();
  }

  /** Ends every engine at once; returns the jobs that they had. */
  stop(): Job[] {
    return [...this.#slots].flatMap((slot) => stopSlot(slot));
  }

  /** Resolves when every engine is gone; `stop` comes before. */
  async ended(): Promise<void> {
    await Promise.all([...this.#slots].flatMap(({ replica }) => replica?.ended ?? []));
  }

  /**
   * Replaces every replica by a new one, which loads code as it is now. The first of them is ready before the others leave, which they do
   * when their jobs are done; if it does not load, they stay.
   * @returns why it does not load; undefined once it has taken over
   */
  reload(): Promise<string | undefined> {
    for (const slot of this.#withRole('candidate')) this.#drop(slot, 'A later reload has taken its place.');
    return new Promise((resolve) => this.#addSlot('candidate', resolve));
  }

  get all(): readonly Replica[] {
    return this.#all;
  }

  /** Inputs that are pending in engines, behind others. */
  get pending(): number {
    let pending = 0;
    for (const replica of this.#all) pending += replica.pending;
    return pending;
  }

  /** Inputs that engines are running. */
  get running(): number {
    let running = 0;
    for (const replica of this.#all) running += replica.running;
    return running;
  }

  /** Memory of all engines together. */
  get residentBytes(): number {
    let bytes = 0;
    for (const replica of this.#all) bytes += replica.memory.residentBytes;
    return bytes;
  }

  get readyReplicas(): number {
    return this.readiness.readyReplicas;
  }

  get target(): number {
    return this.#options.replicasOn(this.#description?.device ?? 'cpu');
  }

  /** What the latest engine reported of itself; undefined until the first has loaded. */
  get description(): EngineDescription | undefined {
    return this.#description;
  }

  get maxBatchSize(): number {
    return this.#description?.maxBatchSize ?? 1;
  }

  /** How many inputs may be pending in an engine: a run's worth, or more where runs are short. */
  get maxAhead(): number {
    const short = this.inputMs > 0 ? Math.floor(maxAheadMs / this.inputMs) : 0;
    return Math.max(this.maxBatchSize, Math.min(short, maxShortAhead));
  }

  /** How long runs are expected to take while every replica is busy; undefined before anything was measured. */
  get service(): ServiceEstimate | undefined {
    return this.#serviceTime.estimate(Math.max(1, this.readyReplicas));
  }

  /** The engine time that an input is expected to take. */
  get inputMs(): number {
    return this.service?.inputMs ?? 0;
  }

  /** Of several replicas, only one is ready. */
  get isLast(): boolean {
    return this.readyReplicas < 2 && this.target > 1;
  }

  /** How long the latest engine loaded. */
  get replacementMs(): number {
    return this.#replacementMs;
  }

  capacity(): Capacity {
    const { ready, detail, readyReplicas } = this.readiness;
    const now = this.#options.clock.now();
    const busy = this.#all.filter((replica) => replica.ready && !replica.free);
    return {
      ready,
      detail,
      readyReplicas,
      elapsedMs: busy.map(({ busySince }) => now - busySince),
      maxBatchSize: this.maxBatchSize,
      service: this.service,
    };
  }

  #addSlot(role: Slot['role'] = 'serving', onSettled?: Slot['onSettled']): void {
    const slot = newSlot(role, onSettled);
    this.#slots.add(slot);
    this.#launch(slot);
  }

  #withRole(role: Slot['role']): Slot[] {
    return [...this.#slots].filter((slot) => slot.role === role);
  }

  /** Ends a slot whose replica has no jobs. */
  #drop(slot: Slot, detail?: string): void {
    this.#slots.delete(slot);
    stopSlot(slot);
    this.#listReplicas();
    slot.onSettled(detail);
  }

  /** Launches an engine when it may load. */
  #launch(slot: Slot): void {
    const others = this.readiness.readyReplicas > 0 ? 'further' : 'first';
    slot.leaveGate = this.#options.gate.enter(slot.hasServed ? 'restart' : others, () => this.#launchNow(slot));
    if (slot.replica === undefined && others === 'first') this.readiness.waitForOthers();
  }

  #launchNow(slot: Slot): void {
    const replica: Replica = new Replica({
      ...this.#options,
      nextSendId: () => this.#nextSendId++,
      replacementMs: () => this.replacementMs,
      onProgress: (report) => this.#onProgress(report),
      onReady: (description, loadMs) => this.#onReady(slot, description, loadMs),
      onCapacity: (finished) => this.#onReplicaCapacity(replica, finished),
      onExit: (exit) => this.#onReplicaExit(slot, exit),
    });
    slot.replica = replica;
    this.#listReplicas();
    this.readiness.launched();
  }

  #listReplicas(): void {
    this.#all = [...this.#slots].flatMap(({ role, replica }) => (role === 'candidate' ? [] : (replica ?? [])));
  }

  #onProgress(report: LoadReport): void {
    this.readiness.report(report);
    this.#options.observer.progress(this.#options.model, report);
  }

  #onReady(slot: Slot, description: EngineDescription, loadMs: number): void {
    slot.hasServed = true;
    slot.leaveGate();
    if (slot.role === 'candidate') this.#takeOver(slot);
    this.#description = description;
    this.#serviceTime.guess(description.warmUpMs);
    this.#replacementMs = loadMs;
    this.#countReady();
    this.#options.observer.replicaReady(this.#options.model, description, loadMs);
    for (let missing = this.target - this.#withRole('serving').length; missing > 0; missing -= 1) this.#addSlot();
    this.#onCapacity();
  }

  /** From now on this slot gets the jobs, and the others only finish those that they have. */
  #takeOver(slot: Slot): void {
    for (const old of this.#withRole('serving')) {
      old.role = 'leaving';
      if (old.replica?.ready === true) old.replica.retire('reloaded');
      // One that is about to be replaced for another reason may still have jobs.
      else if (old.replica === undefined || old.replica.running + old.replica.pending === 0) this.#drop(old);
    }
    slot.role = 'serving';
    this.#listReplicas();
    slot.onSettled();
  }

  #onReplicaCapacity(replica: Replica, finished: Run | undefined): void {
    if (finished !== undefined && finished.jobs.length > 0) {
      this.#serviceTime.record({
        milliseconds: this.#options.clock.now() - finished.startedAt,
        inputs: finished.jobs.length,
        busyReplicas: this.#countBusy(replica),
        succeeded: finished.succeeded,
      });
    }
    this.#onCapacity(finished);
  }

  /** Replicas that are busy, this one included. */
  #countBusy(replica: Replica): number {
    let busy = 1;
    for (const other of this.#all) if (other !== replica && other.running > 0) busy += 1;
    return busy;
  }

  #onReplicaExit(slot: Slot, exit: Exit): void {
    const { clock, model, observer } = this.#options;
    slot.replica = undefined;
    this.#listReplicas();
    slot.leaveGate();
    if (slot.role !== 'serving') {
      this.#drop(slot, exit.detail);
      this.#onExit(exit);
      return;
    }
    if (exit.runs > 0) slot.exitsInARow = 0;
    if (exit.reason !== 'memory-soft') slot.exitsInARow += 1;
    const delayMs = respawnDelay(slot.exitsInARow);
    if (delayMs === 0) this.#launch(slot);
    else slot.cancelRespawn = clock.schedule(delayMs, () => this.#launch(slot));
    this.readiness.reportFailure(exit.detail);
    this.#countReady();
    observer.restarted(model, exit.reason, exit.detail);
    this.#onExit(exit);
  }

  #countReady(): void {
    this.readiness.update(this.#all.filter(({ ready }) => ready).length);
  }
}

/** Ends its engine at once, and starts no other; returns the jobs that it had. */
function stopSlot(slot: Slot): Job[] {
  slot.cancelRespawn();
  slot.leaveGate();
  return slot.replica?.stop() ?? [];
}
