import { Failure } from '@portico/schemas';
import { describe, expect, it } from 'vitest';
import { echo, fail, type FakeEngines } from './testing/fake-engine.ts';
import { Harness, now } from './testing/harness.ts';
import { SlowWire } from './testing/slow-wire.ts';

describe('a request', () => {
  it('is answered with what the engine made of it', async () => {
    const { engines, submit } = bound(Harness.ready());
    const answer = submit('hello');
    engines.last.finish();
    expect(await answer).toBe('hello');
  });

  it('is answered with the failure that the engine reports', async () => {
    const { engines, submit } = bound(Harness.ready());
    const answer = submit('a text file');
    engines.last.finish(fail(new Failure('BAD_INPUT', 'no image')));
    expect(await answer).toBe('BAD_INPUT');
  });

  it('is refused while the model loads', async () => {
    const harness = new Harness();
    harness.dispatcher.start();
    harness.engines.last.progress('verifying weights');
    await expect(harness.dispatcher.submit(payload('x'), { deadlineMilliseconds: 1 })).rejects.toMatchObject({
      code: 'NOT_READY',
      message: expect.stringContaining('verifying weights') as string,
      retryAfterSeconds: expect.any(Number) as number,
    });
  });

  it('is refused when the queue is full, with the time the queue will take', async () => {
    const harness = Harness.ready({ maxQueue: 2, info: { warmUpMilliseconds: 4_000 } });
    const { submit } = bound(harness);
    for (const name of ['running', 'sent ahead', 'waiting']) void submit(name);
    await expect(harness.dispatcher.submit(payload('x'), { deadlineMilliseconds: 60_000 })).rejects.toMatchObject({
      code: 'OVERLOADED',
      retryAfterSeconds: 12,
    });
  });

  it('is refused at once when those before it take longer than it can wait', async () => {
    const harness = Harness.ready({ info: { warmUpMilliseconds: 2_000 } });
    const { submit } = bound(harness);
    for (const name of ['running', 'sent ahead']) void submit(name);
    expect(await submit('impatient', { deadlineMilliseconds: 3_000 })).toBe('OVERLOADED');
    expect(await now(submit('patient', { deadlineMilliseconds: 30_000 }))).toBeUndefined();
  });

  it('is refused at once when the run before it takes longer than it can wait', async () => {
    const harness = Harness.ready({ info: { warmUpMilliseconds: 2_000 } });
    void harness.submit('running');
    expect(await harness.submit('impatient', { deadlineMilliseconds: 3_000 })).toBe('OVERLOADED');
    harness.clock.advance(1_600);
    expect(await now(harness.submit('impatient', { deadlineMilliseconds: 3_000 }))).toBeUndefined();
  });

  it('is judged by runs that succeeded, not by those that fail at once', async () => {
    const harness = Harness.ready({ info: { warmUpMilliseconds: 2_000 } });
    for (let turn = 0; turn < 30; turn++) {
      const answer = harness.submit('a text file');
      harness.clock.advance(1);
      harness.engines.last.finish(fail(new Failure('BAD_INPUT', 'no image')));
      expect(await answer).toBe('BAD_INPUT');
    }
    for (const name of ['running', 'sent ahead']) void harness.submit(name);
    expect(await harness.submit('impatient', { deadlineMilliseconds: 3_000 })).toBe('OVERLOADED');
  });

  it('is judged by what runs take while all replicas are busy', async () => {
    const harness = Harness.ready({ replicas: 2, info: { warmUpMilliseconds: 1_000 } });
    const runBoth = (milliseconds: number): void => {
      for (const name of ['one', 'other']) void harness.submit(name);
      harness.clock.advance(milliseconds);
      for (const engine of harness.engines.all) engine.finish();
    };
    for (let turn = 0; turn < 20; turn++) runBoth(2_000);
    for (let turn = 0; turn < 20; turn++) {
      void harness.submit('alone');
      harness.clock.advance(1_000);
      harness.engines.all[0]?.finish();
    }
    for (const name of ['one', 'other']) void harness.submit(name);
    expect(await harness.submit('impatient', { deadlineMilliseconds: 3_000 })).toBe('OVERLOADED');
  });

  it('is not refused for a short deadline when nobody is before it', async () => {
    const harness = Harness.ready({ info: { warmUpMilliseconds: 2_000 } });
    const answer = harness.submit('impatient', { deadlineMilliseconds: 200 });
    harness.clock.advance(200);
    expect(await answer).toBe('TIMEOUT');
  });
});

describe('a replica whose run has been answered', () => {
  it('counts as free before it says so, for a caller with a short deadline', async () => {
    const wires: SlowWire[] = [];
    const harness = new Harness({
      info: { warmUpMilliseconds: 2_000 },
      wrapLaunch: (launch) => SlowWire.between(launch, wires),
    });
    harness.dispatcher.start();
    harness.engines.last.becomeReady({ warmUpMilliseconds: 2_000 });
    const deliver = (times: number): void => {
      for (let time = 0; time < times; time++) wires[0]?.deliver();
    };
    deliver(1);
    const first = harness.submit('first');
    deliver(2);
    harness.engines.last.finish();
    // The outcome arrives, the word that the run is over does not yet.
    deliver(1);
    expect(await first).toBe('first');
    const second = harness.submit('second', { deadlineMilliseconds: 200 });
    expect(await now(second)).toBeUndefined();
    harness.clock.advance(200);
    expect(await second).toBe('TIMEOUT');
  });
});

describe('work', () => {
  it('goes to a free replica at once, and behind a running batch when none is free', () => {
    const harness = Harness.ready({ replicas: 2 });
    for (const name of ['a', 'b', 'c', 'd', 'e']) void harness.submit(name);
    expect(harness.engines.begun).toEqual([1, 2]);
    expect(harness.dispatcher.running).toBe(2);
    expect(harness.dispatcher.waiting).toBe(3);
    harness.engines.all[0]?.finish();
    expect(harness.engines.begun).toEqual([1, 2, 3]);
  });

  it('that waits in a busy engine moves to a replica that is free', async () => {
    const harness = Harness.ready({ replicas: 2 });
    const answers = ['a', 'b', 'c'].map((name) => harness.submit(name));
    const [first, second] = harness.engines.all;
    second?.finish();
    expect(texts(harness.engines)).toEqual(['a', 'c']);
    second?.finish();
    first?.finish();
    expect(await Promise.all(answers)).toEqual(['a', 'b', 'c']);
    expect(harness.engines.begun).toHaveLength(3);
  });

  it('is batched up to the limit that the engine found', () => {
    const harness = Harness.ready({ info: { maxBatch: 4 } });
    for (let index = 0; index < 10; index++) void harness.submit(String(index));
    const { last } = harness.engines;
    const sizes = [1, 4, 4, 1].map(() => {
      const { length } = last.running;
      last.finish();
      return length;
    });
    expect(sizes).toEqual([1, 4, 4, 1]);
  });

  it('whose caller has left never starts', async () => {
    const harness = Harness.ready();
    const running = harness.submit('running');
    const leaving = new AbortController();
    const ahead = harness.submit('sent ahead', { signal: leaving.signal });
    const queued = harness.submit('queued', { signal: leaving.signal });
    leaving.abort();
    expect(await ahead).toBe('CANCELLED');
    expect(await queued).toBe('CANCELLED');
    harness.engines.last.finish();
    expect(await running).toBe('running');
    expect(harness.engines.begun).toEqual([1]);
    expect(harness.dispatcher.waiting).toBe(0);
  });

  it('whose caller had left before it came is not taken', async () => {
    const harness = Harness.ready();
    expect(await harness.submit('late', { signal: AbortSignal.abort() })).toBe('CANCELLED');
    expect(harness.engines.begun).toEqual([]);
  });

  it('whose deadline passes in the queue is answered then and never starts', async () => {
    const harness = Harness.ready();
    const running = harness.submit('running');
    const queued = harness.submit('queued', { deadlineMilliseconds: 500 });
    harness.clock.advance(500);
    expect(await queued).toBe('TIMEOUT');
    harness.engines.last.finish();
    expect(await running).toBe('running');
    expect(harness.engines.begun).toEqual([1]);
  });
});

describe('a deadline', () => {
  it('answers the caller and lets a run that may still end go on', async () => {
    const harness = Harness.ready();
    const answer = harness.submit('slow', { deadlineMilliseconds: 200 });
    harness.clock.advance(200);
    expect(await answer).toBe('TIMEOUT');
    expect(harness.engines.all).toHaveLength(1);
    harness.engines.last.finish();
    const next = harness.submit('next');
    harness.engines.last.finish();
    expect(await next).toBe('next');
    expect(harness.engines.all).toHaveLength(1);
  });

  it('ends a run for which nobody waits once it has lasted a second, or ten warm-ups', () => {
    const quick = Harness.ready({ info: { warmUpMilliseconds: 10 } });
    void quick.submit('hangs', { deadlineMilliseconds: 200 });
    quick.clock.advance(999);
    expect(quick.engines.all).toHaveLength(1);
    quick.clock.advance(1);
    expect(quick.engines.all).toHaveLength(2);

    const slow = Harness.ready({ info: { warmUpMilliseconds: 500 } });
    void slow.submit('hangs', { deadlineMilliseconds: 200 });
    slow.clock.advance(4_999);
    expect(slow.engines.all).toHaveLength(1);
    slow.clock.advance(1);
    expect(slow.engines.all).toHaveLength(2);
  });

  it('does not end a run while one of its callers waits', () => {
    const harness = Harness.ready({ info: { maxBatch: 4 } });
    void harness.submit('first');
    const deadlines = [200, 30_000];
    for (const deadlineMilliseconds of deadlines) void harness.submit('mate', { deadlineMilliseconds });
    harness.engines.last.finish();
    harness.clock.advance(20_000);
    expect(harness.engines.all).toHaveLength(1);
    harness.clock.advance(10_000);
    expect(harness.engines.all).toHaveLength(2);
  });
});

describe('a run', () => {
  it('is ended when it has lasted as long as a run may, and its batch mates with time left run again, alone', async () => {
    const harness = Harness.ready({
      info: { maxBatch: 4 },
      limits: { runMilliseconds: 5_000, loadMilliseconds: 1_000, memory: { softBytes: 800, hardBytes: 1_000 } },
    });
    void harness.submit('opener');
    const mates = ['a', 'b'].map((name) => harness.submit(name));
    harness.engines.last.finish();
    harness.clock.advance(5_000);
    expect(harness.engines.all).toHaveLength(2);
    harness.readyAll();
    expect(harness.engines.last.running.map(({ payload: { bytes } }) => Buffer.from(bytes).toString())).toEqual(['a']);
    harness.engines.last.finish();
    harness.engines.last.finish();
    expect(await Promise.all(mates)).toEqual(['a', 'b']);
  });

  it('that alone takes longer than a run may is answered with TIMEOUT', async () => {
    const harness = Harness.ready({
      limits: { runMilliseconds: 5_000, loadMilliseconds: 1_000, memory: { softBytes: 800, hardBytes: 1_000 } },
    });
    const answer = harness.submit('hangs');
    harness.clock.advance(5_000);
    expect(await answer).toBe('TIMEOUT');
  });
});

describe('a kill', () => {
  it('that comes when the run is just over blames nothing on the run after it', async () => {
    const harness = Harness.ready({
      limits: { runMilliseconds: 5_000, loadMilliseconds: 1_000, memory: { softBytes: 800, hardBytes: 1_000 } },
    });
    const slow = harness.submit('slow');
    const next = harness.submit('next');
    const [engine] = harness.engines.all;
    if (engine === undefined) throw new Error('no engine was launched');
    engine.diesAtOnce = false;
    harness.clock.advance(5_000);
    engine.finish();
    expect(texts(harness.engines)).toEqual(['next']);
    engine.die('ended by SIGKILL');
    expect(await slow).toBe('slow');
    expect(await now(next)).toBeUndefined();
    harness.readyAll();
    harness.engines.last.finish();
    expect(await next).toBe('next');
  });
});

describe('a crash', () => {
  it('costs nobody an answer: the work runs again on the next engine', async () => {
    const harness = Harness.ready();
    const answers = ['running', 'sent ahead', 'queued'].map((name) => harness.submit(name));
    harness.engines.last.die();
    harness.readyAll();
    for (let index = 0; index < 3; index++) harness.engines.last.finish();
    expect(await Promise.all(answers)).toEqual(['running', 'sent ahead', 'queued']);
  });

  it('before the engine could say that it begins counts as well', async () => {
    const harness = Harness.ready();
    harness.engines.last.stopped = true;
    const poison = harness.submit('poison');
    harness.engines.last.die();
    harness.readyAll();
    expect(texts(harness.engines)).toEqual(['poison']);
    harness.engines.last.die();
    expect(await poison).toBe('ENGINE_CRASHED');
  });

  it('a second time under the same input ends that input', async () => {
    const harness = Harness.ready();
    const poison = harness.submit('poison');
    harness.engines.last.die();
    harness.readyAll();
    harness.engines.last.die();
    expect(await poison).toBe('ENGINE_CRASHED');
    harness.readyAll();
    const healthy = harness.submit('healthy');
    harness.engines.last.finish();
    expect(await healthy).toBe('healthy');
  });

  it('under a batch lets each of the batch run alone, so that only the poisonous one fails', async () => {
    const harness = Harness.ready({ info: { maxBatch: 4 } });
    void harness.submit('opener');
    const answers = ['a', 'poison', 'c'].map((name) => harness.submit(name));
    harness.engines.last.finish();
    expect(harness.engines.last.running).toHaveLength(3);
    runUntilQuiet(harness.engines, () => harness.readyAll());
    expect(await Promise.all(answers)).toEqual(['a', 'ENGINE_CRASHED', 'c']);
  });

  it('of an engine that began with what had just been taken back from it is blamed on nothing it was sent since', async () => {
    const wires: SlowWire[] = [];
    const harness = new Harness({
      replicas: 2,
      info: { maxBatch: 2 },
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
    const mate = harness.submit('mate');
    const poison = harness.submit('poison');
    deliverAll();

    // Both begin on the first engine, and before the gateway hears of it the second is free and gets both.
    late?.finish();
    free?.finish();
    while (free?.running.length !== 2) wires[1]?.deliver();
    free.die();
    while (!(wires[1]?.quiet ?? true)) wires[1]?.deliver();
    // The first opener's end arrives, the mate is sent to the same engine again, and then its belated beginning arrives.
    for (let report = 0; report < 3; report++) wires[0]?.deliver();
    late?.die();
    for (let turn = 0; turn < 10; turn++) {
      deliverAll();
      harness.readyAll();
      runUntilQuiet(harness.engines, deliverAll);
    }
    expect(await mate).toBe('mate');
    expect(await poison).toBe('ENGINE_CRASHED');
  });

  it('is not repeated on all replicas at once: suspects run one at a time', () => {
    const harness = Harness.ready({ replicas: 2, info: { maxBatch: 4 } });
    for (const name of ['opener', 'other opener', 'poison', 'poison']) void harness.submit(name);
    const [first, second] = harness.engines.all;
    first?.finish();
    expect(first?.running).toHaveLength(2);
    first?.die();
    second?.finish();
    harness.readyAll();
    expect(texts(harness.engines)).toEqual(['poison']);
  });

  it('leaves room for others: after a suspect, healthy work is next', () => {
    const harness = Harness.ready({ info: { maxBatch: 2 } });
    for (const name of ['opener', 'poison', 'other poison']) void harness.submit(name);
    harness.engines.last.finish();
    expect(texts(harness.engines)).toEqual(['poison', 'other poison']);
    harness.engines.last.die();
    void harness.submit('healthy');
    const turns = [0, 1, 2].map(() => {
      harness.readyAll();
      const running = texts(harness.engines);
      if (running[0] === 'healthy') harness.engines.last.finish();
      else harness.engines.last.die();
      return running;
    });
    expect(turns).toEqual([['poison'], ['healthy'], ['other poison']]);
  });

  it('of a loading engine is followed by ever longer pauses after the third in a row', () => {
    const harness = new Harness();
    harness.dispatcher.start();
    for (let death = 0; death < 4; death++) harness.engines.last.die();
    expect(harness.engines.all).toHaveLength(4);
    harness.clock.advance(999);
    expect(harness.engines.all).toHaveLength(4);
    harness.clock.advance(1);
    expect(harness.engines.all).toHaveLength(5);
    harness.engines.last.die();
    harness.clock.advance(1_999);
    expect(harness.engines.all).toHaveLength(5);
    harness.clock.advance(1);
    expect(harness.engines.all).toHaveLength(6);
  });
});

describe('a replica', () => {
  it('that loads without progress is replaced', () => {
    const harness = new Harness();
    harness.dispatcher.start();
    harness.clock.advance(179_000);
    harness.engines.last.progress('downloading');
    harness.clock.advance(179_000);
    expect(harness.engines.all).toHaveLength(1);
    harness.clock.advance(1_000);
    expect(harness.engines.all).toHaveLength(2);
  });

  it('over its soft memory limit is replaced after its work', async () => {
    const harness = Harness.ready();
    const first = harness.submit('first');
    harness.engines.last.finish();
    await first;
    const second = harness.submit('second');
    harness.engines.last.hold(900);
    expect(harness.engines.all).toHaveLength(1);
    harness.engines.last.finish();
    expect(await second).toBe('second');
    expect(harness.engines.all).toHaveLength(2);
  });

  it('over its hard memory limit is replaced at once, and twice under one input is OUT_OF_MEMORY', async () => {
    const harness = Harness.ready();
    const greedy = harness.submit('greedy');
    harness.engines.last.hold(1_001);
    harness.readyAll();
    expect(harness.engines.all).toHaveLength(2);
    harness.engines.last.hold(1_001);
    expect(await greedy).toBe('OUT_OF_MEMORY');
  });

  it('over its soft memory limit is replaced also when what it had been sent is called off before it begins', () => {
    const harness = Harness.ready();
    void harness.submit('first');
    harness.engines.last.finish();
    harness.engines.last.stopped = true;
    const leaving = new AbortController();
    void harness.submit('second', { signal: leaving.signal });
    harness.engines.last.hold(900);
    leaving.abort();
    harness.engines.last.resume();
    expect(harness.engines.all).toHaveLength(2);
  });

  it('that does not begin what it was sent is replaced, and nobody loses his answer', async () => {
    const harness = Harness.ready();
    harness.engines.last.stopped = true;
    const answer = harness.submit('hello');
    harness.clock.advance(4_999);
    expect(harness.engines.all).toHaveLength(1);
    harness.clock.advance(1);
    expect(harness.engines.all).toHaveLength(2);
    harness.readyAll();
    harness.engines.last.finish();
    expect(await answer).toBe('hello');
  });

  it('that has answered everything and does not end its run is replaced', async () => {
    const harness = Harness.ready();
    const answers = ['first', 'sent ahead'].map((name) => harness.submit(name));
    harness.engines.last.stopsAfterAnswers = true;
    harness.engines.last.finish();
    expect(await answers[0]).toBe('first');
    harness.clock.advance(5_000);
    harness.readyAll();
    harness.engines.last.finish();
    expect(await now(answers[1] ?? Promise.resolve(''))).toBe('sent ahead');
  });

  it('that stops between two runs is replaced', async () => {
    const harness = Harness.ready();
    const answers = ['first', 'sent ahead'].map((name) => harness.submit(name));
    harness.engines.last.stopsAfterRun = true;
    harness.engines.last.finish();
    expect(await answers[0]).toBe('first');
    harness.clock.advance(5_000);
    harness.readyAll();
    harness.engines.last.finish();
    expect(await answers[1]).toBe('sent ahead');
    expect(harness.engines.all).toHaveLength(2);
  });

  it('that says nothing because all it was sent was called off is not replaced once it says so', () => {
    const harness = Harness.ready();
    harness.engines.last.stopped = true;
    const leaving = new AbortController();
    void harness.submit('hello', { signal: leaving.signal });
    leaving.abort();
    harness.engines.last.resume();
    harness.clock.advance(60_000);
    expect(harness.engines.all).toHaveLength(1);
  });

  it('that stays silent is replaced although every caller has left', () => {
    const harness = Harness.ready();
    harness.engines.last.stopped = true;
    for (let second = 0; second < 5; second++) {
      void harness.submit('impatient', { deadlineMilliseconds: 200 });
      harness.clock.advance(1_000);
    }
    expect(harness.engines.all).toHaveLength(2);
  });

  it('is started alone first, and the others once it has said which device it runs on', () => {
    const harness = new Harness({ replicas: 3 });
    harness.dispatcher.start();
    expect(harness.engines.all).toHaveLength(1);
    harness.engines.last.becomeReady();
    expect(harness.engines.all).toHaveLength(3);
  });
});

describe('readiness', () => {
  it('begins with the first warm replica and outlasts a respawn, but not ten seconds without a replica', () => {
    const harness = new Harness();
    harness.dispatcher.start();
    expect(harness.dispatcher.ready).toBe(false);
    harness.engines.last.becomeReady();
    expect(harness.dispatcher.ready).toBe(true);
    harness.engines.last.die();
    harness.clock.advance(9_999);
    expect(harness.dispatcher.ready).toBe(true);
    harness.clock.advance(1);
    expect(harness.dispatcher.ready).toBe(false);
    harness.engines.last.becomeReady();
    expect(harness.dispatcher.ready).toBe(true);
  });

  it('says why a model cannot load', () => {
    const harness = new Harness();
    harness.dispatcher.start();
    harness.engines.last.failToLoad('DEVICE=cuda cannot be used');
    expect(harness.dispatcher.ready).toBe(false);
    expect(harness.dispatcher.detail).toContain('DEVICE=cuda');
  });
});

const payload = (text: string) => ({ bytes: Buffer.from(text), mediaType: null, params: {} });

const bound = (harness: Harness) => ({ engines: harness.engines, submit: harness.submit.bind(harness) });

const texts = (engines: FakeEngines): string[] =>
  engines.alive.flatMap(({ running }) => running.map(({ payload: { bytes } }) => Buffer.from(bytes).toString()));

/** Lets engines die of poison and answer everything else, until nothing runs. */
function runUntilQuiet(engines: FakeEngines, readyAll: () => void): void {
  for (let turn = 0; turn < 100 && texts(engines).length > 0; turn++) {
    for (const engine of engines.alive) {
      const poisoned = engine.running.some(({ payload: { bytes } }) => Buffer.from(bytes).toString() === 'poison');
      if (poisoned) engine.die();
      else engine.finish(echo);
    }
    readyAll();
  }
}
