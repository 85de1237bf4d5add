import { Failure } from '@portico/schemas';
import { refusal } from './admission.ts';
import { type SubmitOptions, watchClient } from './client-watch.ts';
import type { EngineDescription, InferInput } from '../inference.ts';
import type { ReplicaSetOptions } from './replica-set.ts';
import { Scheduler } from './scheduler.ts';
import { type Answer, Work } from './work.ts';

export interface ModelDispatcherOptions extends ReplicaSetOptions {
  /** Most requests that wait. */
  readonly maxQueue: number;
}

/** Where requests for one model come in, and their answers go out. */
export class ModelDispatcher {
  readonly model: string;
  readonly #options: ModelDispatcherOptions;
  readonly #scheduler: Scheduler;
  #nextId = 1;

  constructor(options: ModelDispatcherOptions) {
    this.model = options.model;
    this.#options = options;
    this.#scheduler = new Scheduler(options);
  }

  /** Launches the first replica; the others follow when it is ready and has said which device it runs on. */
  start(): void {
    this.#scheduler.replicas.start();
  }

  /** Ends every engine at once. */
  stop(): void {
    this.#scheduler.replicas.stop();
  }

  get ready(): boolean {
    return this.#scheduler.replicas.readiness.ready;
  }

  /** What keeps the model from being ready. */
  get detail(): string {
    return this.#scheduler.replicas.readiness.detail;
  }

  /** What the engines said of themselves; undefined until the first has loaded. */
  get info(): EngineDescription | undefined {
    return this.#scheduler.replicas.info;
  }

  get replicas(): { readonly ready: number; readonly target: number } {
    const { readiness, target } = this.#scheduler.replicas;
    return { ready: readiness.readyReplicas, target };
  }

  /** Requests that no engine has begun. */
  get waiting(): number {
    return this.#scheduler.waiting;
  }

  /** Requests that engines are busy with. */
  get running(): number {
    return this.#scheduler.running;
  }

  /**
   * Throws why a request would be turned away now: `NOT_READY` or `OVERLOADED`. To be asked before a body is read.
   */
  admit(deadlineMs: number): void {
    const { maxQueue, observer } = this.#options;
    const capacity = this.#scheduler.replicas.capacity();
    const refused = refusal({ model: this.model, waiting: this.waiting, maxQueue, ...capacity }, deadlineMs);
    if (refused === undefined) return;
    observer.rejected(this.model, refused.reason);
    throw refused.failure;
  }

  /**
   * Queues one input and resolves with its answer. Rejects with a `Failure`: the row of the error table that says how
   * it ended, `CANCELLED` when the signal did it.
   */
  async submit(payload: InferInput, options: SubmitOptions): Promise<Answer> {
    if (options.signal?.aborted === true) throw new Failure('CANCELLED', 'The client closed the connection.');
    this.admit(options.deadlineMs);
    const { clock } = this.#options;
    const result = await new Promise<Answer | Failure>((settle) => {
      const { onItem } = options;
      const work = new Work({ id: this.#nextId++, payload, enqueuedAt: clock.now(), settle, onItem });
      watchClient(work, options, clock, (failure) => this.#giveUp(work, failure));
      this.#scheduler.add(work);
    });
    if (result instanceof Failure) throw result;
    return result;
  }

  /** Answers now, wherever the work is. */
  #giveUp(work: Work, failure: Failure): void {
    if (!work.answer(failure)) return;
    const stage = work.startedAt === undefined ? 'queued' : 'running';
    if (failure.code === 'CANCELLED') this.#options.observer.cancelled(this.model, stage);
    this.#scheduler.abandon(work);
  }
}
