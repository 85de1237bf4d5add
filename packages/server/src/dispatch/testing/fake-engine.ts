import type { Failure } from '@portico/schemas';
import type { EngineDescription, EngineInput, LoadReport } from '../../inference.ts';
import type { Engine, EngineListener, LaunchEngine, Outcome } from '../engine.ts';

const times = { decode: 1, inference: 2, postprocess: 3 };

export const fakeDescription: EngineDescription = {
  device: 'cpu',
  deviceIndex: 0,
  devicesRefused: [],
  warmUpMs: 10,
  maxBatchSize: 1,
  onnxruntimeVersion: '0.0.0',
  weights: {},
};

/** An engine that does what a test wants, and behaves as a real one does in between. */
export class FakeEngine implements Engine {
  alive = true;
  unreadBytes = 0;
  ready = false;
  /** Takes what it is sent and reports nothing, as after SIGSTOP. */
  stopped = false;
  /** Stops after the outcomes of its run, before it reports that the run is over. */
  stopsAfterOutcomes = false;
  /** Stops when its run is over, before it begins the next. */
  stopsAfterRun = false;
  /** When false, a kill takes effect only when `reap` or `exit` is called. */
  exitsAtOnce = true;
  /** Inputs are so large that no more of them run at once. */
  maxFitting = Infinity;
  /** A kill is on its way. */
  killed = false;
  /** The inputs of its run; empty while the engine is free. */
  running: readonly EngineInput[] = [];
  readonly #listener: EngineListener;
  readonly #begun: number[];
  readonly #sent = new Map<number, EngineInput>();
  #maxBatchSize = 1;
  /** Items of its run. */
  #emitted = 0;
  /** It owes the report that its run is over, or that nothing is left of what it was sent. */
  #owesEnd = false;

  constructor(listener: EngineListener, begun: number[]) {
    this.#listener = listener;
    this.#begun = begun;
  }

  becomeReady(description: Partial<EngineDescription> = {}): void {
    const all = { ...fakeDescription, ...description };
    this.ready = true;
    this.#maxBatchSize = all.maxBatchSize;
    this.#listener.onReady(all);
  }

  failToLoad(detail: string): void {
    this.#listener.onLoadFailed(detail);
  }

  progress(detail: string, report: Partial<LoadReport> = {}): void {
    this.#listener.onProgress({ stage: 'loading', detail, ...report });
  }

  loseDevice(detail: string): void {
    if (this.alive) this.#listener.onDeviceLost(detail);
  }

  download(bytes: number, milliseconds: number): void {
    this.#listener.onDownloaded(bytes, milliseconds);
  }

  hold(residentBytes: number): void {
    if (this.alive) this.#listener.onMemory(residentBytes);
  }

  send(inputs: readonly EngineInput[]): void {
    for (const input of inputs) this.#sent.set(input.id, input);
    if (this.stopped) this.#owesEnd ||= this.running.length === 0;
    else if (this.running.length === 0) this.#begin();
  }

  /** Goes on after a stop, with its run, or with what has been sent meanwhile and not been cancelled. */
  resume(): void {
    this.stopped = false;
    this.stopsAfterOutcomes = false;
    this.stopsAfterRun = false;
    if (!this.alive || (this.running.length > 0 && !this.#owesEnd)) return;
    if (this.running.length === 0 && this.#sent.size > 0) this.#begin();
    else if (this.#owesEnd) this.#endRun();
  }

  cancel(ids: readonly number[]): void {
    for (const id of ids) this.#sent.delete(id);
  }

  kill(): void {
    this.killed = true;
    if (this.exitsAtOnce) this.exit('ended by SIGKILL');
  }

  /** The kill that is on its way takes effect. */
  reap(): void {
    if (this.killed) this.exit('ended by SIGKILL');
  }

  /** The process is gone. */
  exit(detail = 'ended by SIGSEGV'): void {
    if (!this.alive) return;
    this.alive = false;
    this.running = [];
    this.#listener.onExit(detail);
  }

  /** Emits an item of each input of its run; `text` makes it out of the input and its index. */
  emit(text: (input: EngineInput, index: number) => string): void {
    if (!this.alive || this.stopped) return;
    const index = this.#emitted++;
    for (const input of this.running) this.#listener.onItem(input.id, index, Buffer.from(text(input, index)));
  }

  /** The run is over; by default the output of each input is the input itself. */
  finish(outcome: (input: EngineInput) => Outcome = echo): void {
    if (this.running.length === 0 || !this.alive || this.stopped) return;
    const { running } = this;
    for (const input of running) this.#listener.onOutcome(input.id, outcome(input));
    this.stopped ||= this.stopsAfterOutcomes;
    this.#owesEnd = this.stopped;
    if (!this.stopped) this.#endRun();
  }

  #endRun(): void {
    this.#owesEnd = false;
    this.running = [];
    this.stopped ||= this.stopsAfterRun;
    this.#listener.onFinished();
    if (this.stopped) this.#owesEnd = this.#sent.size > 0;
    else if (this.running.length === 0) this.#begin();
  }

  #begin(): void {
    if (!this.alive || this.#sent.size === 0) return;
    this.#owesEnd = false;
    this.#emitted = 0;
    this.running = [...this.#sent.values()].slice(0, Math.min(this.#maxBatchSize, this.maxFitting));
    for (const { id } of this.running) {
      this.#sent.delete(id);
      this.#begun.push(id);
    }
    this.#listener.onBegan(this.running.map(({ id }) => id));
  }
}

/** The output is the input's own bytes. */
export const echo = ({ bytes }: EngineInput): Outcome => ({ ok: true, bytes, times });

export const fail = (failure: Failure) => (): Outcome => ({ ok: false, failure, times });

/** All engines that were ever launched, the newest last. */
export class FakeEngines {
  readonly all: FakeEngine[] = [];
  /** Whether a kill takes effect at once, for every new engine. */
  exitsAtOnce = true;
  /** How many inputs fit into one run by their size, for every new engine. */
  maxFitting = Infinity;
  /** Ids in the order in which any engine began with them. */
  readonly begun: number[] = [];
  readonly launch: LaunchEngine = (listener) => {
    const engine = new FakeEngine(listener, this.begun);
    engine.exitsAtOnce = this.exitsAtOnce;
    engine.maxFitting = this.maxFitting;
    this.all.push(engine);
    return engine;
  };

  get alive(): FakeEngine[] {
    return this.all.filter((engine) => engine.alive);
  }

  /** The newest engine. */
  get last(): FakeEngine {
    const engine = this.all.at(-1);
    if (engine === undefined) throw new Error('no engine was launched');
    return engine;
  }
}
