import { Failure } from '@portico/schemas';
import type { EngineInput, InferInput, InferOutput, PhaseTimes } from '../inference.ts';
import type { Deadlines, Expiring } from './alarm.ts';
import type { Share } from './shares.ts';

/** Aborted when the client leaves: an AbortSignal, or as much of one as a job needs. */
export interface CancelSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void, options?: { readonly once: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** Records what a job goes through, for the trace of its request. */
export interface JobTrace {
  /** The job has waited, and has been in a run if one began; again after an engine that has exited. */
  attempt(attempt: Attempt): void;
}

/** Times are those of the clock. */
export interface Attempt {
  readonly model: string;
  readonly pendingAt: number;
  /** Undefined if no run has begun. */
  readonly startedAt: number | undefined;
  readonly endedAt: number;
  /** Of its run, once that is over. */
  readonly times: PhaseTimes | undefined;
  /** Undefined for an output. */
  readonly failure: Failure | undefined;
  readonly batchSize: number;
  /** Items on the way to the output. */
  readonly items: number;
  /** The traces of the inputs of its run, its own included. */
  readonly companions: readonly JobTrace[];
}

export interface SubmitOptions {
  /** Whose request it is: clients are served in turns. */
  readonly client: string;
  /** Milliseconds from now in which the client wants the output, or the next item; queue time included. */
  readonly timeoutMs: number;
  /** Aborted when the client closes the connection. */
  readonly signal?: CancelSignal | undefined;
  /** Takes the items on the way to the output. */
  readonly onItem?: ((item: Uint8Array) => void) | undefined;
  readonly trace?: JobTrace | undefined;
}

export interface JobOptions {
  /** Counts the jobs of a model in the order in which they were accepted. */
  readonly id: number;
  readonly model: string;
  readonly input: InferInput;
  readonly options: Omit<SubmitOptions, 'client'>;
  /** The share of its client. */
  readonly share: Share;
  /** Shared by the jobs of a model. */
  readonly deadlines: Deadlines;
  /** The deadline has passed or the client has closed the connection: the job has been rejected with this code. */
  readonly onCancelled: (job: Job, code: 'TIMEOUT' | 'CANCELLED') => void;
}

/** Shared: most jobs have no trace. */
const noJobs: readonly Job[] = [];

/** One accepted input until its result. It is settled exactly once; whatever comes later is dropped. */
export class Job implements Expiring {
  readonly id: number;
  readonly model: string;
  readonly share: Share;
  /** Rejects with the `Failure` that the client gets. */
  readonly result: Promise<InferOutput>;
  deadline: number;
  /** Engines that crashed, or had to be killed, while they ran it. */
  crashes = 0;
  /** It was in a run that went wrong, so it runs alone from now on. */
  suspect = false;
  /** Its client was in a run that went wrong lately: it shares no run with other clients. */
  apart = false;
  /** Its client has cost engines lately. */
  risky = false;
  /**
   * What an engine knows it by, new each time it is sent: an engine may begin with a job just as it is taken back, and
   * that run must not pass for the next one.
   */
  sendId = 0;
  readonly #options: JobOptions['options'];
  readonly #deadlines: Deadlines;
  readonly #onCancelled: JobOptions['onCancelled'];
  readonly #acceptedAt: number;
  #startedAt: number | undefined;
  /** Since when it is pending, and the jobs of its run: kept for its trace only. */
  #pendingAt: number;
  #companions: readonly Job[] = noJobs;
  /** Dropped once settled, so that a client who has gone frees the upload. */
  #input: InferInput | undefined;
  #emittedItems = 0;
  #onAbort: (() => void) | undefined;
  #resolve!: (output: InferOutput) => void;
  #reject!: (failure: Failure) => void;

  constructor({ id, model, input, options, share, deadlines, onCancelled }: JobOptions) {
    this.id = id;
    this.model = model;
    this.share = share;
    this.#input = input;
    this.#options = options;
    this.#deadlines = deadlines;
    this.#onCancelled = onCancelled;
    this.#acceptedAt = deadlines.now();
    this.#pendingAt = this.#acceptedAt;
    this.deadline = this.#acceptedAt + options.timeoutMs;
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    deadlines.add(this);
    if (options.signal !== undefined) {
      this.#onAbort = () => this.#cancel();
      options.signal.addEventListener('abort', this.#onAbort, { once: true });
    }
  }

  /** Undefined once settled. */
  get input(): InferInput | undefined {
    return this.#input;
  }

  get settled(): boolean {
    return this.#input === undefined;
  }

  /** No engine has begun with it. */
  get pending(): boolean {
    return this.#startedAt === undefined;
  }

  /** Milliseconds that it was pending. */
  get queueMs(): number {
    return (this.#startedAt ?? this.#acceptedAt) - this.#acceptedAt;
  }

  /** Notes the number under which it is sent, and returns what to send; undefined once settled. */
  sendAs(sendId: number): EngineInput | undefined {
    this.sendId = sendId;
    if (this.#input === undefined) return undefined;
    // Named one by one: a spread takes ten times as long, 1 µs.
    const { bytes, more, mediaType, files, unchecked, params, outputAs } = this.#input;
    return { id: sendId, bytes, more, mediaType, files, unchecked, params, outputAs };
  }

  /** A run begins with it and these others. */
  start(now: number, jobs: readonly Job[]): void {
    this.#startedAt = now;
    if (this.#options.trace !== undefined) this.#companions = jobs;
  }

  /** Its engine has exited. */
  putBack(): void {
    // A failure costs a stack trace.
    if (this.#options.trace !== undefined && this.#startedAt !== undefined && !this.settled) {
      this.#traceAttempt(new Failure('ENGINE_CRASHED', 'The engine exited during the run.'), undefined);
      this.#pendingAt = this.#deadlines.now();
    }
    this.#startedAt = undefined;
  }

  /** Passes an item on and restarts the deadline. An item that the client has from an earlier run is dropped. */
  emit(index: number, item: Uint8Array): void {
    if (this.settled || index !== this.#emittedItems) return;
    this.#emittedItems += 1;
    this.deadline = this.#deadlines.now() + this.#options.timeoutMs;
    this.#options.onItem?.(item);
  }

  resolve({ bytes, times, warnings }: Omit<InferOutput, 'times'> & { readonly times: PhaseTimes }): void {
    if (!this.#settle(undefined, times)) return;
    const { decode, inference, postprocess } = times;
    this.#resolve({ bytes, warnings, times: { queue: this.queueMs, decode, inference, postprocess } });
  }

  /** @param times of the run in which it failed. */
  reject(failure: Failure, times?: PhaseTimes): void {
    if (this.#settle(failure, times)) this.#reject(failure);
  }

  expire(): void {
    const seconds = Number((this.#options.timeoutMs / 1_000).toFixed(3));
    this.reject(new Failure('TIMEOUT', `No result within ${seconds} s.`));
    this.#onCancelled(this, 'TIMEOUT');
  }

  #cancel(): void {
    this.reject(new Failure('CANCELLED', 'The client closed the connection.'));
    this.#onCancelled(this, 'CANCELLED');
  }

  #settle(failure: Failure | undefined, times: PhaseTimes | undefined): boolean {
    if (this.settled) return false;
    this.#traceAttempt(failure, times);
    this.#input = undefined;
    this.#deadlines.delete(this);
    if (this.#onAbort !== undefined) this.#options.signal?.removeEventListener('abort', this.#onAbort);
    return true;
  }

  #traceAttempt(failure: Failure | undefined, times: PhaseTimes | undefined): void {
    const { trace } = this.#options;
    if (trace === undefined) return;
    const endedAt = this.#deadlines.now();
    trace.attempt({
      model: this.model,
      pendingAt: this.#pendingAt,
      startedAt: this.#startedAt,
      endedAt,
      times,
      failure,
      batchSize: this.#companions.length,
      items: this.#emittedItems,
      companions: this.#companions.flatMap((job) => job.#options.trace ?? []),
    });
    this.#companions = noJobs;
  }
}
