import { Failure } from '@portico/schemas';
import type { EngineInput } from '../../inference.ts';
import type { LaunchEngine, Outcome } from '../engine.ts';
import type { ModelDispatcher } from '../model-dispatcher.ts';
import { echo, fail, type FakeEngine } from './fake-engine.ts';
import { Harness, settle } from './harness.ts';
import type { Kind, Scenario, Step } from './scenario.ts';
import { SlowWire } from './slow-wire.ts';

/** One request of a scenario and how it ended. */
export interface Played {
  readonly text: string;
  readonly kind: Kind;
  readonly deadline: number;
  readonly client: AbortController;
  /** Its own text, or the code of a failure. */
  readonly endings: string[];
  /** Items, in the order in which they were heard. */
  readonly items: string[];
}

export interface Performance {
  readonly harness: Harness;
  /** Lets everything that is under way come to its end. */
  readonly comeToRest: () => Promise<void>;
  readonly requests: readonly Played[];
  /** Inputs that were sent to an engine although their client had been answered. */
  readonly sentAfterAnswer: readonly string[];
  /** Inputs that an engine began although their client had been answered and it had heard everything it was told. */
  readonly begunAfterAnswer: readonly string[];
}

/** Rounds after which anything that can still end would have ended. */
const finalRounds = 1_000;

const textOf = ({ bytes }: EngineInput): string => Buffer.from(bytes).toString();
const kindOf = (input: EngineInput): Kind => textOf(input).split(' ')[0] as Kind;

/** The same input always has the same items. */
export const itemText = (text: string, index: number): string => `${text} #${index}`;
const itemOf = (input: EngineInput, index: number): string => itemText(textOf(input), index);

const outcomeOf = (input: EngineInput): Outcome =>
  kindOf(input) === 'bad' ? fail(new Failure('BAD_INPUT', textOf(input)))() : echo(input);

/** An engine does the next thing it would do by itself. */
export function work(engine: FakeEngine | undefined, { maxBatch }: Pick<Scenario, 'maxBatch'>): void {
  if (engine === undefined || engine.stopped) return;
  const kinds = new Set(engine.running.map(kindOf));
  if (!engine.ready) engine.becomeReady({ maxBatchSize: maxBatch });
  else if (kinds.has('poison')) engine.die();
  else if (!kinds.has('hang')) engine.finish(outcomeOf);
}

function stop(engine: FakeEngine | undefined, when: 'now' | 'answered' | 'run over'): void {
  if (engine === undefined) return;
  engine.stopped ||= when === 'now';
  engine.stopsAfterAnswers ||= when === 'answered';
  engine.stopsAfterRun ||= when === 'run over';
}

/** Plays a scenario, then lets everything that is under way come to its end. `watch` is asked after every step. */
export async function play(scenario: Scenario, watch: (dispatcher: ModelDispatcher) => void): Promise<Performance> {
  const wires: SlowWire[] = [];
  const requests: Played[] = [];
  const sentAfterAnswer: string[] = [];
  const begunAfterAnswer: string[] = [];
  const answered = (text: string): boolean => requests.some((one) => one.text === text && one.endings.length > 0);

  /** Listens on both sides of a slow wire. */
  const wrapLaunch = (launch: LaunchEngine): LaunchEngine => {
    return (listener) => {
      const texts = new Map<number, string>();
      const slow = SlowWire.between((engineSide) => {
        const began = (ids: readonly number[]): void => {
          const begun = ids.flatMap((id) => texts.get(id) ?? []);
          if (wires[wire]?.heard === true) begunAfterAnswer.push(...begun.filter(answered));
          engineSide.began(ids);
        };
        return launch({ ...engineSide, began });
      }, wires);
      const wire = wires.length;
      const engine = slow(listener);
      const send = (inputs: readonly EngineInput[]): void => {
        for (const input of inputs) texts.set(input.id, textOf(input));
        sentAfterAnswer.push(...inputs.map(textOf).filter(answered));
        engine.send(inputs);
      };
      return { ...engine, send };
    };
  };
  const { replicas, maxQueue, maxBatch } = scenario;
  const harness = new Harness({ replicas, maxQueue, info: { maxBatchSize: maxBatch }, wrapLaunch });
  const { dispatcher, engines, clock } = harness;
  engines.diesAtOnce = scenario.diesAtOnce;
  dispatcher.start();

  const arrive = (kind: Kind, deadline: number): void => {
    const text = `${kind} ${requests.length}`;
    const request: Played = { text, kind, deadline, client: new AbortController(), endings: [], items: [] };
    requests.push(request);
    const onItem = (item: Uint8Array): void => {
      request.items.push(request.endings.length > 0 ? 'after the end' : Buffer.from(item).toString());
    };
    const options = { deadlineMs: deadline, signal: request.client.signal, onItem };
    void harness.submit(text, options).then((ending) => request.endings.push(ending));
  };
  const perform = (step: Step): void => {
    const engine = 'engine' in step ? engines.alive[step.engine % Math.max(1, engines.alive.length)] : undefined;
    if (step.type === 'arrive') arrive(step.kind, step.deadline);
    else if (step.type === 'leave') requests[step.request % Math.max(1, requests.length)]?.client.abort();
    else if (step.type === 'advance') clock.advance(step.milliseconds);
    else if (step.type === 'deliver') wires[step.wire % Math.max(1, wires.length)]?.deliver();
    else if (step.type === 'work') work(engine, scenario);
    else if (step.type === 'tell') engine?.tell(itemOf);
    else if (step.type === 'swell') engine?.hold(step.bytes);
    else if (step.type === 'stop') stop(engine, step.when);
    else if (step.type === 'resume') engine?.resume();
    else if (step.type === 'reap') engine?.reap();
    else if (step.type === 'kill') engine?.die('killed from outside');
    else if (engine?.ready === false) engine.failToLoad('no device');
  };

  const deliverAll = (): void => {
    for (const wire of wires) for (let turn = 0; turn < 10 && !wire.quiet; turn++) wire.deliver();
  };
  const atRest = (): boolean =>
    requests.every(({ endings }) => endings.length > 0) &&
    wires.every(({ quiet }) => quiet) &&
    engines.alive.every(({ running, stopped, killed }) => running.length === 0 && !stopped && !killed) &&
    dispatcher.replicas.ready === dispatcher.replicas.target;
  const comeToRest = async (): Promise<void> => {
    for (let round = 0; round < finalRounds && !atRest(); round++) {
      deliverAll();
      for (const engine of engines.alive) {
        engine.reap();
        work(engine, scenario);
      }
      clock.advance(round % 20 === 19 ? 5_000 : 1);
      watch(dispatcher);
      await settle();
    }
  };

  for (let replica = 0; scenario.warm && replica < scenario.replicas; replica++) {
    for (const engine of engines.alive) work(engine, scenario);
    deliverAll();
  }
  for (const step of scenario.steps) {
    perform(step);
    watch(dispatcher);
    await Promise.resolve();
  }
  await comeToRest();
  return { harness, comeToRest, requests, sentAfterAnswer, begunAfterAnswer };
}
