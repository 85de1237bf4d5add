import type { Failure } from '@portico/schemas';
import type { EngineDescription, EngineInput } from '../../inference.ts';
import type { Engine, EngineListener, LaunchEngine, Outcome } from '../engine.ts';

const times = { decode: 1, inference: 2, postprocess: 3 };

export const fakeInfo: EngineDescription = {
  device: 'cpu',
  deviceIndex: 0,
  devicesRefused: [],
  warmUpMs: 10,
  maxBatchSize: 1,
  weights: {},
  onnxruntimeVersion: '0.0.0',
};

/** An engine that does what a test says, and behaves as a real one does in between. */
export class FakeEngine implements Engine {
  alive = true;
  ready = false;
  /** Takes what it is sent and says nothing, as after SIGSTOP. */
  stopped = false;
  /** Stops when it has answered its run, before it says that the run is over. */
  stopsAfterAnswers = false;
  /** Stops when its run is over, before it begins the next. */
  stopsAfterRun = false;
  /** When false, a kill has yet to take effect, and `die` tells when it has. */
  diesAtOnce = true;
  /** A kill is on its way. */
  killed = false;
  /** What the run is about; empty while the engine is free. */
  running: readonly EngineInput[] = [];
  readonly #listener: EngineListener;
  readonly #begun: number[];
  readonly #sent = new Map<number, EngineInput>();
  #maxBatch = 1;
  /** Items of its run. */
  #told = 0;
  /** It owes the word that its run is over, or that nothing is left of what it was sent. */
  #owesEnd = false;

  constructor(listener: EngineListener, begun: number[]) {
    this.#listener = listener;
    this.#begun = begun;
  }

  becomeReady(info: Partial<EngineDescription> = {}): void {
    const all = { ...fakeInfo, ...info };
    this.ready = true;
    this.#maxBatch = all.maxBatchSize;
    this.#listener.ready(all);
  }

  failToLoad(detail: string): void {
    this.#listener.loadFailed(detail);
  }

  progress(detail: string): void {
    this.#listener.progress(detail);
  }

  hold(residentBytes: number): void {
    if (this.alive) this.#listener.memory(residentBytes);
  }

  send(inputs: readonly EngineInput[]): void {
    for (const input of inputs) this.#sent.set(input.id, input);
    if (this.stopped) this.#owesEnd ||= this.running.length === 0;
    else if (this.running.length === 0) this.#begin();
  }

  /** Goes on after a stop, with its run, or with what has been sent meanwhile and not been cancelled. */
  resume(): void {
    this.stopped = false;
    this.stopsAfterAnswers = false;
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
    if (this.diesAtOnce) this.die('ended by SIGKILL');
  }

  /** The kill that is on its way takes effect. */
  reap(): void {
    if (this.killed) this.die('ended by SIGKILL');
  }

  /** The process is gone. */
  die(detail = 'ended by SIGSEGV'): void {
    if (!this.alive) return;
    this.alive = false;
    this.running = [];
    this.#listener.exited(detail);
  }

  /** Tells an item of each input of its run; `text` makes it out of the input and its index. */
  tell(text: (input: EngineInput, index: number) => string): void {
    if (!this.alive || this.stopped) return;
    const index = this.#told++;
    for (const input of this.running) this.#listener.item(input.id, index, Buffer.from(text(input, index)));
  }

  /** The run is over; by default each input is answered with itself. */
  finish(outcome: (input: EngineInput) => Outcome = echo): void {
    if (this.running.length === 0 || !this.alive || this.stopped) return;
    const { running } = this;
    for (const input of running) this.#listener.outcome(input.id, outcome(input));
    this.stopped ||= this.stopsAfterAnswers;
    this.#owesEnd = this.stopped;
    if (!this.stopped) this.#endRun();
  }

  #endRun(): void {
    this.#owesEnd = false;
    this.running = [];
    this.stopped ||= this.stopsAfterRun;
    this.#listener.finished();
    if (this.stopped) this.#owesEnd = this.#sent.size > 0;
    else if (this.running.length === 0) this.#begin();
  }

  #begin(): void {
    if (!this.alive || this.#sent.size === 0) return;
    this.#owesEnd = false;
    this.#told = 0;
    this.running = [...this.#sent.values()].slice(0, this.#maxBatch);
    for (const { id } of this.running) {
      this.#sent.delete(id);
      this.#begun.push(id);
    }
    this.#listener.began(this.running.map(({ id }) => id));
  }
}

/** Answers an input with its own bytes. */
export const echo = ({ bytes }: EngineInput): Outcome => ({ ok: true, body: bytes, times });

export const fail = (failure: Failure) => (): Outcome => ({ ok: false, failure, times });

/** All engines that were ever launched, the newest last. */
export class FakeEngines {
  readonly all: FakeEngine[] = [];
  /** What every new engine does about a kill. */
  diesAtOnce = true;
  /** Ids in the order in which any engine began with them. */
  readonly begun: number[] = [];
  readonly launch: LaunchEngine = (listener) => {
    const engine = new FakeEngine(listener, this.begun);
    engine.diesAtOnce = this.diesAtOnce;
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
