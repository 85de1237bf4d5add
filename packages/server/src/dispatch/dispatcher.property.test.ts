import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ModelDispatcher } from './dispatcher.ts';
import { Harness, now, settle } from './testing/harness.ts';
import { itemText, type Performance, play, proceed } from './testing/play.ts';
import { anyScenario, type Kind, patientMs, poisonScenario, type Scenario } from './testing/scenario.ts';
import { SlowWire } from './testing/slow-wire.ts';

const numRuns = Number(process.env['PROPERTY_RUNS'] ?? 150);

/** Plays scenarios and holds the promises that no order of events may break. */
async function always(
  scenarios: fc.Arbitrary<Scenario>,
  promise: (played: Performance) => void | Promise<void>,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(scenarios, async (scenario) => {
      const { replicas, maxBatchSize, maxQueue, steps } = scenario;
      // Those that a reload replaces may take long to finish what they have.
      const engines = replicas * (1 + steps.filter(({ type }) => type === 'reload').length);
      const watch = (dispatcher: ModelDispatcher): void => {
        expect(dispatcher.running).toBeLessThanOrEqual(engines * maxBatchSize);
        // Jobs that an engine lost come back on top of a full queue.
        expect(dispatcher.pending).toBeLessThanOrEqual(maxQueue + engines * maxBatchSize * 2);
        expect(dispatcher.replicas.ready).toBeLessThanOrEqual(replicas);
      };
      const played = await play(scenario, watch);
      await promise(played);
      played.harness.dispatcher.stop();
    }),
    { numRuns },
  );
}

/** How any request may end: it is rejected, late or cancelled; its engines are killed, or grow too large. */
const anyonesFailures = new Set([
  'NOT_READY',
  'OVERLOADED',
  'RATE_LIMITED',
  'TIMEOUT',
  'CANCELLED',
  'ENGINE_CRASHED',
  'OUT_OF_MEMORY',
]);

describe('whatever happens in whatever order', () => {
  it('every request gets a result, and it is its own', async () => {
    await always(anyScenario, ({ requests }) => {
      for (const { kind, text, endings } of requests) {
        expect(endings).toHaveLength(1);
        const [ending = ''] = endings;
        const ownOutput = kind === 'healthy' && ending === text;
        const ownFailure = kind === 'bad' && ending === 'BAD_INPUT';
        expect(ownOutput || ownFailure || anyonesFailures.has(ending), `${text}: ${ending}`).toBe(true);
      }
    });
  });

  it('every client gets the items of its own request, each once and in order, and none after the end', async () => {
    let received = 0;
    await always(anyScenario, ({ requests }) => {
      for (const { text, items } of requests) {
        expect(items).toEqual(items.map((_, index) => itemText(text, index)));
        received += items.length;
      }
    });
    expect(received).toBeGreaterThan(numRuns / 5);
  });

  it('nothing is sent to an engine after its client has the result', async () => {
    await always(anyScenario, ({ sentAfterResult }) => expect(sentAfterResult).toEqual([]));
  });

  it('nothing begins in an engine that could know that the client has the result', async () => {
    await always(anyScenario, ({ begunAfterResult }) => expect(begunAfterResult).toEqual([]));
  });

  it('nothing is left behind: no job, no client, no timer, no listener to a signal', async () => {
    await always(anyScenario, ({ harness, requests }) => {
      const { running, pending } = harness.dispatcher;
      expect({ running, pending }).toEqual({ running: 0, pending: 0 });
      expect(harness.clock.pending).toBe(0);
      // What clients have cost is made up for by then.
      harness.clock.advance(3_600_000);
      expect(harness.dispatcher.clients).toBe(0);
      expect(requests.flatMap(({ client }) => getEventListeners(client.signal, 'abort'))).toEqual([]);
    });
  });

  it('after a stop no timer is left, whatever was under way', async () => {
    await always(anyScenario, async ({ harness, comeToRest }) => {
      for (let request = 0; request < 20; request++) void harness.submit('hang', { timeoutMs: 10 });
      for (const engine of harness.engines.alive) engine.hold(900);
      harness.dispatcher.stop();
      harness.clock.advance(10);
      for (const engine of harness.engines.alive) engine.reap();
      await comeToRest();
      expect(harness.clock.pending).toBe(0);
      expect(harness.engines.alive).toEqual([]);
    });
  });

  it('every replica comes back, and returns results', async () => {
    await always(anyScenario, async ({ harness, comeToRest }) => {
      expect(harness.dispatcher.replicas.ready).toBe(harness.dispatcher.replicas.target);
      const texts = harness.engines.alive.map((_, index) => `late ${index}`);
      // An engine may still be about to stop under the first request, which its client may have to make up for, but no other.
      const results = texts.map((text) => harness.submit(text, { client: text }));
      await comeToRest();
      // What has no result by now never will, and is not waited for.
      expect(await Promise.all(results.map(now))).toEqual(texts);
    });
  });
});

describe('a poisonous input', () => {
  it('fails alone: what was batched with it, queued behind it or came after it has its result', async () => {
    await always(poisonScenario, ({ requests }) => {
      const own = { healthy: undefined, bad: 'BAD_INPUT', poison: 'ENGINE_CRASHED', hang: undefined };
      for (const { kind, text, endings, client, timeoutMs } of requests) {
        const rejected = ['NOT_READY', 'OVERLOADED', 'RATE_LIMITED'];
        // A crashing engine may cost so much time that a short deadline passes.
        const late = timeoutMs < patientMs ? ['TIMEOUT'] : [];
        const left = client.signal.aborted ? ['CANCELLED'] : [];
        expect([own[kind] ?? text, ...late, ...left, ...rejected]).toContain(endings[0]);
      }
    });
  });

  it('stops no other: while it keeps coming healthy requests go on getting results', async () => {
    const oneRound = fc.array(fc.constantFrom<Kind>('healthy', 'poison'), { minLength: 1, maxLength: 4 });
    const traffic = fc.array(oneRound, { minLength: 1, maxLength: 8 });
    const replicaCount = fc.integer({ min: 1, max: 3 });
    await fc.assert(
      fc.asyncProperty(replicaCount, fc.constantFrom(1, 2, 5), traffic, async (replicas, maxBatchSize, rounds) => {
        const maxQueue = 8;
        const harness = Harness.ready({ replicas, maxQueue, info: { maxBatchSize } });
        // Each input in the queue and in the engines may have to be tried alone, in turns with what comes after it.
        const maxIdleRounds = 2 * (maxQueue + 2 * replicas * maxBatchSize);
        let lastResultAt = 0;
        let round = 0;
        for (; round < 4 * maxIdleRounds; round++) {
          for (const kind of ['healthy' as const, ...(rounds[round % rounds.length] ?? [])]) {
            void harness
              .submit(kind, { timeoutMs: patientMs })
              .then((ending) => (lastResultAt = ending === 'healthy' ? round : lastResultAt));
          }
          for (const engine of harness.engines.alive) proceed(engine, { maxBatchSize, warmUpMs: 10 });
          harness.clock.advance(30_000);
          await settle();
          expect(round - lastResultAt).toBeLessThanOrEqual(maxIdleRounds);
        }
        harness.dispatcher.stop();
      }),
      { numRuns: Math.ceil(numRuns / 5) },
    );
  });
});

describe('a suspect', () => {
  it('whose client leaves while it is on its way to the engine makes room for the next suspect', async () => {
    const wires: SlowWire[] = [];
    const harness = new Harness({
      info: { maxBatchSize: 2 },
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
    harness.engines.last.exit();
    deliverAll();
    harness.readyAll();
    // `ready` arrives, the first suspect is sent, and its client leaves before it gets there.
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
