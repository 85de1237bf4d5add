import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ModelDispatcher } from './model-dispatcher.ts';
import { Harness } from './testing/harness.ts';
import { type Performance, play } from './testing/play.ts';
import { anyScenario, poisonScenario, type Scenario } from './testing/scenario.ts';
import { SlowWire } from './testing/slow-wire.ts';

const numRuns = Number(process.env['PROPERTY_RUNS'] ?? 150);

/** Plays scenarios and holds the promises that no order of events may break. */
async function always(
  scenarios: fc.Arbitrary<Scenario>,
  promise: (played: Performance, scenario: Scenario) => void,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(scenarios, async (scenario) => {
      const { replicas, maxBatch, maxQueue } = scenario;
      const watch = (dispatcher: ModelDispatcher): void => {
        expect(dispatcher.running).toBeLessThanOrEqual(replicas * maxBatch);
        // Work that an engine lost comes back on top of a full queue.
        expect(dispatcher.waiting).toBeLessThanOrEqual(maxQueue + replicas * maxBatch * 2);
        expect(dispatcher.replicas.ready).toBeLessThanOrEqual(replicas);
      };
      const played = await play(scenario, watch);
      promise(played, scenario);
      played.harness.dispatcher.stop();
    }),
    { numRuns },
  );
}

describe('whatever happens in whatever order', () => {
  it('every request gets exactly one answer, and it is its own', async () => {
    await always(anyScenario, ({ requests }) => {
      for (const { text, endings } of requests) {
        expect(endings).toHaveLength(1);
        const [ending] = endings;
        const isFailureCode = /^[A-Z_]+$/.test(ending ?? '');
        expect(isFailureCode ? text : ending).toBe(text);
      }
    });
  });

  it('no work is sent to an engine after its caller was answered', async () => {
    await always(anyScenario, ({ sentAfterAnswer }) => expect(sentAfterAnswer).toEqual([]));
  });

  it('nothing is left behind: no work, and after a stop no timer', async () => {
    await always(anyScenario, ({ harness }) => {
      expect(harness.dispatcher.waiting).toBe(0);
      harness.dispatcher.stop();
      expect(harness.clock.pending).toBe(0);
    });
  });
});

describe('a poisonous input', () => {
  it('fails alone: whoever was batched with it, queued behind it or came after it is answered', async () => {
    await always(poisonScenario, ({ requests }) => {
      for (const { kind, text, endings, caller } of requests) {
        const refused = ['NOT_READY', 'OVERLOADED'];
        const own = kind === 'healthy' ? text : 'ENGINE_CRASHED';
        // A crashing engine may cost so much time that a short deadline passes.
        expect([own, 'TIMEOUT', ...refused, ...(caller.signal.aborted ? ['CANCELLED'] : [])]).toContain(endings[0]);
      }
    });
  });

  it('never answers what it was asked', async () => {
    await always(poisonScenario, ({ requests }) => {
      for (const { text, endings } of requests.filter(({ kind }) => kind === 'poison'))
        expect(endings).not.toContain(text);
    });
  });
});

describe('a suspect', () => {
  it('whose caller leaves while it is on its way to the engine makes room for the next suspect', async () => {
    const wires: SlowWire[] = [];
    const harness = new Harness({
      info: { maxBatch: 2 },
      wrapLaunch: (launch) => SlowWire.between(launch, wires),
    });
    const deliverAll = (): void => {
      for (const wire of wires) while (!wire.quiet) wire.deliver();
    };
    harness.dispatcher.start();
    harness.readyAll();
    deliverAll();
    void harness.submit('opener');
    deliverAll();
    const leaving = new AbortController();
    const first = harness.submit('first', { signal: leaving.signal });
    const second = harness.submit('second');
    deliverAll();
    harness.engines.last.finish();
    deliverAll();
    harness.engines.last.die();
    deliverAll();
    harness.readyAll();
    // `ready` arrives, the first suspect is sent, and its caller leaves before it gets there.
    wires.at(-1)?.deliver();
    leaving.abort();
    for (let run = 0; run < 2; run++) {
      deliverAll();
      harness.engines.last.finish();
    }
    deliverAll();
    expect(await first).toBe('CANCELLED');
    expect(await second).toBe('second');
  });
});
