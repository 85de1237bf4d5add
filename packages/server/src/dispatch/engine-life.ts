import type { CallOff } from './clock.ts';
import type { EngineDescription } from '../inference.ts';
import type { Engine, EngineListener } from './engine.ts';
import type { RestartReason } from './observer.ts';
import type { ReplicaConditions } from './replica-conditions.ts';

/** One engine process from its launch to its exit: how it loads, when it may be used, why it ends. */
export class EngineLife {
  readonly #conditions: ReplicaConditions;
  #engine: Engine | undefined;
  #info: EngineDescription | undefined;
  #launchedAt = 0;
  #retiring = false;
  /** Why it is being killed, where it is us who do it. */
  #killReason: RestartReason | undefined;
  #loadFailure: string | undefined;
  #callOffLoad: CallOff = () => {};

  constructor(conditions: ReplicaConditions) {
    this.#conditions = conditions;
  }

  /** It may be sent work. */
  get ready(): boolean {
    return this.#info !== undefined && !this.killed && !this.#retiring;
  }

  /** It does what it still has, and is then to be killed. */
  get retiring(): boolean {
    return this.#retiring;
  }

  get killed(): boolean {
    return this.#killReason !== undefined;
  }

  /** What it said of itself; undefined until it has loaded. */
  get info(): EngineDescription | undefined {
    return this.#info;
  }

  /** The process, while there is one. */
  get engine(): Engine | undefined {
    return this.#engine;
  }

  get millisecondsSinceLaunch(): number {
    return this.#conditions.clock.now() - this.#launchedAt;
  }

  launch(listener: EngineListener): void {
    this.#launchedAt = this.#conditions.clock.now();
    this.#expectProgress();
    this.#engine = this.#conditions.launch(listener);
  }

  progress(): void {
    if (this.#info === undefined) this.#expectProgress();
  }

  loaded(info: EngineDescription): void {
    this.#callOffLoad();
    this.#info = info;
  }

  loadFailed(detail: string): void {
    this.#loadFailure = detail;
    this.kill('load-failed');
  }

  retire(): void {
    this.#retiring = true;
  }

  /** The first reason counts. */
  kill(reason: RestartReason): void {
    if (this.killed) return;
    this.#killReason = reason;
    this.stop();
  }

  /** Ends the process without a reason to tell. */
  stop(): void {
    this.#callOffLoad();
    this.#engine?.kill();
  }

  /** The process is gone; returns why. */
  exited(detail: string): { readonly reason: RestartReason; readonly detail: string } {
    this.#callOffLoad();
    this.#engine = undefined;
    this.#info = undefined;
    return { reason: this.#killReason ?? 'crash', detail: this.#loadFailure ?? detail };
  }

  #expectProgress(): void {
    const { clock, limits } = this.#conditions;
    this.#callOffLoad();
    this.#callOffLoad = clock.schedule(limits.loadMs, () => this.kill('load-timeout'));
  }
}
