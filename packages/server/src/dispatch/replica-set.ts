import type { Device } from '@portico/schemas';
import type { Capacity } from './admission.ts';
import type { Death } from './death.ts';
import type { EngineDescription } from '../inference.ts';
import type { DispatchObserver } from './observer.ts';
import { Readiness } from './readiness.ts';
import type { Replica } from './replica.ts';
import type { ReplicaConditions } from './replica-conditions.ts';
import type { ReplicaSetListener } from './replica-listener.ts';
import { ReplicaSlot } from './replica-slot.ts';
import type { Run } from './run.ts';
import { ServiceTime } from './service-time.ts';

export interface ReplicaSetOptions extends Omit<ReplicaConditions, 'nextTicket'> {
  readonly model: string;
  /** Replicas wanted on a device. Until the first has loaded and said where it runs, the CPU's number counts. */
  readonly replicasOn: (device: Device) => number;
  readonly observer: DispatchObserver;
}

/** The replicas of one model: how many there are, whether any may be asked, and how fast they work. */
export class ReplicaSet {
  readonly #options: ReplicaSetOptions;
  readonly #listener: ReplicaSetListener;
  readonly readiness: Readiness;
  readonly #serviceTime = new ServiceTime();
  readonly #slots: ReplicaSlot[] = [];
  #info: EngineDescription | undefined;
  #nextTicket = 1;

  constructor(options: ReplicaSetOptions, listener: ReplicaSetListener) {
    this.#options = options;
    this.#listener = listener;
    this.readiness = new Readiness(options.clock);
  }

  /** Launches the first replica; the others follow when it is ready and has said which device it runs on. */
  start(): void {
    this.#addSlot();
  }

  /** Ends every engine at once. */
  stop(): void {
    for (const slot of this.#slots) slot.stop();
  }

  get all(): Replica[] {
    return this.#slots.flatMap(({ replica }) => replica ?? []);
  }

  get target(): number {
    return this.#options.replicasOn(this.#info?.device ?? 'cpu');
  }

  /** What the engines said of themselves; undefined until the first has loaded. */
  get info(): EngineDescription | undefined {
    return this.#info;
  }

  get maxBatch(): number {
    return this.#info?.maxBatchSize ?? 1;
  }

  capacity(): Capacity {
    const { ready, detail, readyReplicas } = this.readiness;
    const now = this.#options.clock.now();
    const busy = this.all.filter((replica) => replica.ready && !replica.free);
    return {
      ready,
      detail,
      readyReplicas,
      runsFor: busy.map(({ busySince }) => now - busySince),
      maxBatch: this.maxBatch,
      service: this.#serviceTime.estimate(Math.max(1, readyReplicas)),
    };
  }

  #addSlot(): void {
    const { clock, launch, limits } = this.#options;
    const slot = new ReplicaSlot(
      { clock, launch, limits, nextTicket: () => this.#nextTicket++ },
      {
        progress: (detail) => this.#progress(detail),
        becameReady: (replica, info) => this.#becameReady(replica, info),
        began: (works) => this.#listener.began(works),
        outcome: (work, outcome) => this.#listener.outcome(work, outcome),
        finished: (replica, run) => this.#finished(replica, run),
        died: (death) => this.#died(death),
      },
    );
    this.#slots.push(slot);
    slot.launch();
  }

  #progress(detail: string): void {
    this.readiness.explain(detail);
    this.#options.observer.progress(this.#options.model, detail);
  }

  #becameReady(replica: Replica, info: EngineDescription): void {
    this.#info = info;
    this.#serviceTime.guess(info.warmUpMs);
    this.#countReady();
    this.#options.observer.replicaReady(this.#options.model, info, replica.millisecondsSinceLaunch);
    while (this.#slots.length < this.target) this.#addSlot();
    this.#listener.joined();
  }

  #finished(replica: Replica, run: Run): void {
    if (run.works.length > 0) {
      this.#serviceTime.record({
        milliseconds: this.#options.clock.now() - run.startedAt,
        inputs: run.works.length,
        busyReplicas: 1 + this.all.filter((other) => other !== replica && other.assigned.running > 0).length,
        succeeded: run.succeeded,
      });
    }
    this.#listener.finished(run);
  }

  #died(death: Death): void {
    this.readiness.explainFailure(death.detail);
    this.#countReady();
    this.#options.observer.restarted(this.#options.model, death.reason, death.detail);
    this.#listener.died(death);
  }

  #countReady(): void {
    this.readiness.update(this.all.filter(({ ready }) => ready).length);
  }
}
