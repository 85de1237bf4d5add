import type { ModelDispatcher } from '../model-dispatcher.ts';
import type { FakeEngine } from './fake-engine.ts';
import { Harness } from './harness.ts';
import type { Kind, Scenario, Step } from './scenario.ts';
import { SlowWire } from './slow-wire.ts';

/** One request of a scenario and how it ended. */
export interface Played {
  readonly text: string;
  readonly kind: Kind;
  readonly caller: AbortController;
  /** Its own text, or the code of a failure; more than one entry would be more than one answer. */
  readonly endings: string[];
}

export interface Performance {
  readonly harness: Harness;
  readonly requests: readonly Played[];
  /** Inputs that began although their caller had been answered before they were sent. */
  readonly sentAfterAnswer: readonly string[];
}

/** Rounds after which anything that can still end would have ended. */
const finalRounds = 400;

/** Plays a scenario, then lets everything that is under way come to its end. `watch` is asked after every step. */
export async function play(scenario: Scenario, watch: (dispatcher: ModelDispatcher) => void): Promise<Performance> {
  const wires: SlowWire[] = [];
  const requests: Played[] = [];
  const sentAfterAnswer: string[] = [];
  const harness = new Harness({
    replicas: scenario.replicas,
    maxQueue: scenario.maxQueue,
    info: { maxBatch: scenario.maxBatch },
    wrapLaunch: (launch) => {
      const slow = SlowWire.between(launch, wires);
      return (listener) => {
        const engine = slow(listener);
        return {
          ...engine,
          send: (inputs) => {
            const texts = inputs.map(({ payload }) => Buffer.from(payload.bytes).toString());
            sentAfterAnswer.push(
              ...texts.filter((text) => requests.some((one) => one.text === text && one.endings.length > 0)),
            );
            engine.send(inputs);
          },
        };
      };
    },
  });
  const { dispatcher, engines, clock } = harness;
  dispatcher.start();

  const kindOf = (engine: FakeEngine): Kind[] =>
    engine.running.map(({ payload }) => Buffer.from(payload.bytes).toString().split(' ')[0] as Kind);
  const work = (engine: FakeEngine | undefined): void => {
    if (engine === undefined || !engine.alive) return;
    const kinds = kindOf(engine);
    if (!engine.ready) engine.becomeReady({ maxBatch: scenario.maxBatch });
    else if (kinds.includes('poison')) engine.die();
    else if (!kinds.includes('hang')) engine.finish();
  };
  const arrive = (kind: Kind, deadline: number): void => {
    const request: Played = { text: `${kind} ${requests.length}`, kind, caller: new AbortController(), endings: [] };
    requests.push(request);
    const options = { deadlineMilliseconds: deadline, signal: request.caller.signal };
    void harness.submit(request.text, options).then((ending) => request.endings.push(ending));
  };
  const perform = (step: Step): void => {
    const engine = 'engine' in step ? engines.alive[step.engine % Math.max(1, engines.alive.length)] : undefined;
    if (step.type === 'arrive') arrive(step.kind, step.deadline);
    else if (step.type === 'leave') requests[step.request % Math.max(1, requests.length)]?.caller.abort();
    else if (step.type === 'advance') clock.advance(step.milliseconds);
    else if (step.type === 'deliver') wires[step.wire % Math.max(1, wires.length)]?.deliver();
    else if (step.type === 'work') work(engine);
    else if (step.type === 'swell') engine?.hold(step.bytes);
    else engine?.die('killed from outside');
  };

  const deliverAll = (): void => {
    for (const wire of wires) for (let turn = 0; turn < 10 && !wire.quiet; turn++) wire.deliver();
  };
  for (let replica = 0; scenario.warm && replica < scenario.replicas; replica++) {
    for (const engine of engines.alive) work(engine);
    deliverAll();
  }
  for (const step of scenario.steps) {
    perform(step);
    watch(dispatcher);
    await Promise.resolve();
  }
  for (let round = 0; round < finalRounds && requests.some(({ endings }) => endings.length === 0); round++) {
    deliverAll();
    for (const engine of engines.alive) work(engine);
    clock.advance(round % 20 === 19 ? 5_000 : 1);
    watch(dispatcher);
    await new Promise((turn) => setImmediate(turn));
  }
  return { harness, requests, sentAfterAnswer };
}
