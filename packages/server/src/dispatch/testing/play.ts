import { Failure } from '@portico/schemas';
import type { EngineInput } from '../../inference.ts';
import type { ModelDispatcher } from '../dispatcher.ts';
import type { LaunchEngine, Outcome } from '../engine.ts';
import { echo, fail, type FakeEngine } from './fake-engine.ts';
import { Harness, settle } from './harness.ts';
import type { Kind, Scenario, Step } from './scenario.ts';
import { SlowWire } from './slow-wire.ts';

/** One request of a scenario and how it ended. */
export interface Played {
  readonly text: string;
  readonly kind: Kind;
  readonly timeoutMs: number;
  readonly client: AbortController;
  /** Its own text, or the code of a failure. */
  readonly endings: string[];
  /** Items, in the order in which the client got them. */
  readonly items: string[];
}

export interface Performance {
  readonly harness: Harness;
  /** Lets everything that is under way come to its end. */
  readonly comeToRest: () => Promise<void>;
  readonly requests: readonly Played[];
  /** Inputs that were sent to an engine although their client had its result. */
  readonly sentAfterResult: readonly string[];
  /** Inputs that an engine began although their client had its result and every command had reached the engine. */
  readonly begunAfterResult: readonly string[];
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
export function proceed(
  engine: FakeEngine | undefined,
  { maxBatchSize, warmUpMs }: Pick<Scenario, 'maxBatchSize' | 'warmUpMs'>,
): void {
  if (engine === undefined || engine.stopped) return;
  const kinds = new Set(engine.running.map(kindOf));
  if (!engine.ready) engine.becomeReady({ maxBatchSize, warmUpMs });
  else if (kinds.has('poison')) engine.exit();
  else if (!kinds.has('hang')) engine.finish(outcomeOf);
}

function stop(engine: FakeEngine | undefined, when: 'now' | 'outcomes sent' | 'run over'): void {
  if (engine === undefined) return;
  engine.stopped ||= when === 'now';
  engine.stopsAfterOutcomes ||= when === 'outcomes sent';
  engine.stopsAfterRun ||= when === 'run over';
}

/** Plays a scenario, then lets everything that is under way come to its end. `watch` is called after every step. */
export async function play(scenario: Scenario, watch: (dispatcher: ModelDispatcher) => void): Promise<Performance> {
  const wires: SlowWire[] = [];
  const requests: Played[] = [];
  const sentAfterResult: string[] = [];
  const begunAfterResult: string[] = [];
  const hasResult = (text: string): boolean => requests.some((one) => one.text === text && one.endings.length > 0);

  /** Listens on both sides of a slow wire. */
  const wrapLaunch = (launch: LaunchEngine): LaunchEngine => {
    return (listener) => {
      const texts = new Map<number, string>();
      const slow = SlowWire.between((engineSide) => {
        const onBegan = (ids: readonly number[]): void => {
          const begun = ids.flatMap((id) => texts.get(id) ?? []);
          if (wires[wire]?.delivered === true) begunAfterResult.push(...begun.filter(hasResult));
          engineSide.onBegan(ids);
        };
        return launch({ ...engineSide, onBegan });
      }, wires);
      const wire = wires.length;
      const engine = slow(listener);
      const send = (inputs: readonly EngineInput[]): void => {
        for (const input of inputs) texts.set(input.id, textOf(input));
        sentAfterResult.push(...inputs.map(textOf).filter(hasResult));
        engine.send(inputs);
      };
      return { ...engine, send };
    };
  };
  const { replicas, maxQueue, maxBatchSize, warmUpMs } = scenario;
  const harness = new Harness({ replicas, maxQueue, info: { maxBatchSize, warmUpMs }, wrapLaunch });
  const { dispatcher, engines, clock } = harness;
  engines.exitsAtOnce = scenario.exitsAtOnce;
  engines.maxFitting = scenario.maxFitting;
  dispatcher.start();

  const arrive = ({ client, kind, timeoutMs }: Extract<Step, { type: 'arrive' }>): void => {
    const text = `${kind} ${requests.length}`;
    const request: Played = { text, kind, timeoutMs, client: new AbortController(), endings: [], items: [] };
    requests.push(request);
    const onItem = (item: Uint8Array): void => {
      request.items.push(request.endings.length > 0 ? 'after the end' : Buffer.from(item).toString());
    };
    const options = { client, timeoutMs, signal: request.client.signal, onItem };
    void harness.submit(text, options).then((ending) => request.endings.push(ending));
  };
  const perform = (step: Step): void => {
    const engine = 'engine' in step ? engines.alive[step.engine % Math.max(1, engines.alive.length)] : undefined;
    if (step.type === 'arrive') arrive(step);
    else if (step.type === 'leave') requests[step.request % Math.max(1, requests.length)]?.client.abort();
    else if (step.type === 'advance') clock.advance(step.milliseconds);
    else if (step.type === 'deliver') wires[step.wire % Math.max(1, wires.length)]?.deliver();
    else if (step.type === 'proceed') proceed(engine, scenario);
    else if (step.type === 'emit') engine?.emit(itemOf);
    else if (step.type === 'swell') engine?.hold(step.bytes);
    else if (step.type === 'stop') stop(engine, step.when);
    else if (step.type === 'resume') engine?.resume();
    else if (step.type === 'reload') void dispatcher.reload();
    else if (step.type === 'reap') engine?.reap();
    else if (step.type === 'kill') engine?.exit('killed from outside');
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
        proceed(engine, scenario);
      }
      clock.advance(round % 20 === 19 ? 5_000 : 1);
      watch(dispatcher);
      await settle();
    }
  };

  for (let replica = 0; scenario.warm && replica < scenario.replicas; replica++) {
    for (const engine of engines.alive) proceed(engine, scenario);
    deliverAll();
  }
  for (const step of scenario.steps) {
    perform(step);
    watch(dispatcher);
    await Promise.resolve();
  }
  await comeToRest();
  return { harness, comeToRest, requests, sentAfterResult, begunAfterResult };
}
