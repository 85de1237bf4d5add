import { describe, expect, it } from 'vitest';
import { Harness, now } from './testing/harness.ts';
import { SlowWire } from './testing/slow-wire.ts';
import { runUntilQuiet, texts } from './testing/watching.ts';

describe('a crash', () => {
  it('costs no client a result: the jobs run again on the next engine', async () => {
    const harness = Harness.ready();
    const results = ['running', 'sent ahead', 'queued'].map((name) => harness.submit(name));
    harness.engines.last.exit();
    harness.readyAll();
    for (let index = 0; index < 3; index++) harness.engines.last.finish();
    expect(await Promise.all(results)).toEqual(['running', 'sent ahead', 'queued']);
  });

  it('gives its jobs at once to another replica that is free', () => {
    const harness = Harness.ready({ replicas: 2 });
    void harness.submit('hello');
    harness.engines.all[0]?.exit();
    expect(texts(harness.engines)).toEqual(['hello']);
  });

  it('before the engine could report that it begins counts as well', async () => {
    const harness = Harness.ready();
    harness.engines.last.stopped = true;
    const poison = harness.submit('poison');
    harness.engines.last.exit();
    harness.readyAll();
    expect(texts(harness.engines)).toEqual(['poison']);
    harness.engines.last.exit();
    expect(await poison).toBe('ENGINE_CRASHED');
  });

  it('a second time while running the same input rejects it', async () => {
    const harness = Harness.ready();
    const poison = harness.submit('poison');
    harness.engines.last.exit();
    harness.readyAll();
    harness.engines.last.exit();
    expect(await poison).toBe('ENGINE_CRASHED');
    harness.readyAll();
    const healthy = harness.submit('healthy');
    harness.engines.last.finish();
    expect(await healthy).toBe('healthy');
  });

  it('during a batch lets each of its inputs run alone, so that only the poisonous one fails', async () => {
    const harness = Harness.ready({ info: { maxBatchSize: 4 } });
    void harness.submit('opener');
    const results = ['a', 'poison', 'c'].map((name) => harness.submit(name));
    harness.engines.last.finish();
    expect(harness.engines.last.running).toHaveLength(3);
    runUntilQuiet(harness.engines, () => harness.readyAll());
    expect(await Promise.all(results)).toEqual(['a', 'ENGINE_CRASHED', 'c']);
  });

  it('of an engine that began with what had just been taken back from it is blamed on nothing it was sent since', async () => {
    const wires: SlowWire[] = [];
    const harness = new Harness({
      replicas: 2,
      info: { maxBatchSize: 2 },
      wrapLaunch: (launch) => SlowWire.between(launch, wires),
    });
    const deliverAll = (): void => {
      for (const wire of wires) while (!wire.quiet) wire.deliver();
    };
    harness.dispatcher.start();
    for (let replica = 0; replica < 2; replica++) {
      harness.readyAll();
      deliverAll();
    }
    const [late, free] = harness.engines.all;
    for (const opener of ['opener', 'other opener']) void harness.submit(opener);
    deliverAll();
    // Each engine is sent two.
    const [mate, , poison] = ['mate', 'other', 'poison', 'another'].map((name) => harness.submit(name));
    deliverAll();

    // Both begin on the first engine, and before the gateway gets the report the second is free and gets both.
    late?.finish();
    free?.finish();
    free?.finish();
    while (free?.running.length !== 2) wires[1]?.deliver();
    free.exit();
    while (!(wires[1]?.quiet ?? true)) wires[1]?.deliver();
    // The first opener's end arrives, the mate is sent to the same engine again, and then its belated beginning arrives.
    for (let report = 0; report < 3; report++) wires[0]?.deliver();
    late?.exit();
    for (let turn = 0; turn < 10; turn++) {
      deliverAll();
      harness.readyAll();
      runUntilQuiet(harness.engines, deliverAll);
    }
    expect(await mate).toBe('mate');
    expect(await poison).toBe('ENGINE_CRASHED');
  });

  it('is not repeated on all replicas at once: suspects run one at a time', () => {
    const harness = Harness.ready({ replicas: 2, info: { maxBatchSize: 4 } });
    // Each engine is sent two, and the second finishes its own.
    for (const name of ['opener', 'other opener', 'poison', 'other', 'poison', 'another']) void harness.submit(name);
    const [first, second] = harness.engines.all;
    first?.finish();
    expect(first?.running).toHaveLength(2);
    first?.exit();
    second?.finish();
    second?.finish();
    harness.readyAll();
    expect(texts(harness.engines)).toEqual(['poison']);
  });

  it('is not followed by the next suspect before its run has ended, even when its client has left', async () => {
    const harness = Harness.ready({ replicas: 2, info: { maxBatchSize: 2 } });
    for (const name of ['opener', 'other opener']) void harness.submit(name);
    const leaving = new AbortController();
    void harness.submit('slow', { signal: leaving.signal });
    // Each engine is sent two, and the second finishes its own.
    void harness.submit('other');
    const mate = harness.submit('mate');
    void harness.submit('another');
    const [first, second] = harness.engines.all;
    first?.finish();
    second?.finish();
    second?.finish();
    first?.exit();
    harness.readyAll();
    expect(texts(harness.engines)).toEqual(['slow']);
    leaving.abort();
    expect(texts(harness.engines)).toEqual(['slow']);
    for (const engine of harness.engines.alive) engine.finish();
    for (const engine of harness.engines.alive) engine.finish();
    expect(await now(mate)).toBe('mate');
  });

  it('leaves room for others: after a suspect, a healthy job is next', () => {
    const harness = Harness.ready({ info: { maxBatchSize: 2 } });
    for (const name of ['opener', 'poison', 'other poison']) void harness.submit(name);
    harness.engines.last.finish();
    expect(texts(harness.engines)).toEqual(['poison', 'other poison']);
    harness.engines.last.exit();
    void harness.submit('healthy');
    const turns = [0, 1, 2].map(() => {
      harness.readyAll();
      const running = texts(harness.engines);
      if (running[0] === 'healthy') harness.engines.last.finish();
      else harness.engines.last.exit();
      return running;
    });
    expect(turns).toEqual([['poison'], ['healthy'], ['other poison']]);
  });

  it('of a loading engine is followed by ever longer pauses after the third in a row', () => {
    const harness = new Harness();
    harness.dispatcher.start();
    for (let exit = 0; exit < 4; exit++) harness.engines.last.exit();
    expect(harness.engines.all).toHaveLength(4);
    harness.clock.advance(999);
    expect(harness.engines.all).toHaveLength(4);
    harness.clock.advance(1);
    expect(harness.engines.all).toHaveLength(5);
    harness.engines.last.exit();
    harness.clock.advance(1_999);
    expect(harness.engines.all).toHaveLength(5);
    harness.clock.advance(1);
    expect(harness.engines.all).toHaveLength(6);
  });
});
