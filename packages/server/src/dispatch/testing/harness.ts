import { isFailure } from '@portico/schemas';
import type { EngineDescription, InferOutput } from '../../inference.ts';
import { ModelDispatcher, type ModelDispatcherOptions } from '../dispatcher.ts';
import type { LaunchEngine } from '../engine.ts';
import type { SubmitOptions } from '../job.ts';
import type { DispatchObserver } from '../observer.ts';
import { LaunchGate } from '../launch-gate.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeEngines } from './fake-engine.ts';

export const silentObserver: DispatchObserver = {
  started: () => {},
  ran: () => {},
  cancelled: () => {},
  rejected: () => {},
  restarted: () => {},
  progress: () => {},
  downloaded: () => {},
  replicaReady: () => {},
};

export interface HarnessOptions extends Partial<Omit<ModelDispatcherOptions, 'replicasOn'>> {
  readonly replicas?: number;
  readonly info?: Partial<EngineDescription>;
  /** Puts something between the dispatcher and the engines. */
  readonly wrapLaunch?: (launch: LaunchEngine) => LaunchEngine;
}

/** A dispatcher on fake engines and a fake clock. */
export class Harness {
  readonly clock = new FakeClock();
  readonly engines = new FakeEngines();
  readonly dispatcher: ModelDispatcher;
  /** What every engine reports of itself. */
  readonly info: Partial<EngineDescription>;

  constructor({ replicas = 1, info = {}, wrapLaunch = (launch) => launch, ...options }: HarnessOptions = {}) {
    this.info = info;
    this.dispatcher = new ModelDispatcher({
      model: 'test',
      replicasOn: () => replicas,
      gate: new LaunchGate(this.clock, Infinity),
      maxQueue: 64,
      limits: { runMs: 60_000, loadMs: 180_000, memory: { softBytes: 800, hardBytes: 1_000 } },
      launch: wrapLaunch(this.engines.launch),
      clock: this.clock,
      observer: silentObserver,
      ...options,
    });
  }

  /** Starts, and lets every replica become ready. */
  static ready(options: HarnessOptions = {}): Harness {
    const harness = new Harness(options);
    harness.dispatcher.start();
    harness.readyAll();
    return harness;
  }

  /** Lets every engine that is loading become ready, and those launched because of it. */
  readyAll(): void {
    for (const engine of this.engines.all) if (engine.alive && !engine.ready) engine.becomeReady(this.info);
  }

  /** Submits text and returns how it ended: the text that came back, or the code of the failure. */
  submit(text: string, options: Partial<SubmitOptions> = {}): Promise<string> {
    return this.dispatcher
      .submit(
        { bytes: Buffer.from(text), mediaType: null, params: {} },
        { client: 'someone', timeoutMs: 60_000, ...options },
      )
      .then(textOf, (error: unknown) => (isFailure(error) ? error.code : Promise.reject(error)));
  }
}

const textOf = ({ bytes }: InferOutput): string => Buffer.from(bytes).toString();

/** Lets the reactions of settled promises run. */
export const settle = (): Promise<void> => new Promise((turn) => setImmediate(turn));

/** `undefined` while a promise is pending. */
export async function now<Value>(promise: Promise<Value>): Promise<Value | undefined> {
  return Promise.race([promise, settle().then(() => undefined)]);
}
