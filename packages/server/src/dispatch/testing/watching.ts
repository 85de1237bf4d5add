import type { EngineInput } from '../../inference.ts';
import type { LaunchEngine } from '../engine.ts';
import { echo, type FakeEngines } from './fake-engine.ts';
import type { Harness } from './harness.ts';

export const textInput = (text: string) => ({ bytes: Buffer.from(text), mediaType: null, params: {} });

export const bound = (harness: Harness) => ({ engines: harness.engines, submit: harness.submit.bind(harness) });

/** Records in which order inputs are sent to any engine. */
export function recordSent() {
  const sent: string[] = [];
  const wrapLaunch = (launch: LaunchEngine): LaunchEngine => {
    return (listener) => {
      const engine = launch(listener);
      const send = (inputs: readonly EngineInput[]): void => {
        sent.push(...inputs.map(({ bytes }) => Buffer.from(bytes).toString()));
        engine.send(inputs);
      };
      return {
        get unreadBytes() {
          return engine.unreadBytes;
        },
        send,
        cancel: (ids) => engine.cancel(ids),
        kill: () => engine.kill(),
      };
    };
  };
  return { sent, wrapLaunch };
}

export const texts = (engines: FakeEngines): string[] =>
  engines.alive.flatMap(({ running }) => running.map(({ bytes }) => Buffer.from(bytes).toString()));

/** Lets engines crash on poison and finish everything else, until nothing runs. */
export function runUntilQuiet(engines: FakeEngines, readyAll: () => void): void {
  for (let turn = 0; turn < 100 && texts(engines).length > 0; turn++) {
    for (const engine of engines.alive) {
      const poisoned = engine.running.some(({ bytes }) => Buffer.from(bytes).toString() === 'poison');
      if (poisoned) engine.exit();
      else engine.finish(echo);
    }
    readyAll();
  }
}
