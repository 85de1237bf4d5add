import { Failure } from '@portico/schemas';
import { describe, expect, it } from 'vitest';
import { fail } from './testing/fake-engine.ts';
import { Harness, now } from './testing/harness.ts';
import { recordSent, texts } from './testing/watching.ts';

describe('a run', () => {
  it('is ended when it has lasted as long as a run may, and the jobs of its batch with time left run again, alone', async () => {
    const harness = Harness.ready({
      info: { maxBatchSize: 4 },
      limits: { runMs: 5_000, loadMs: 1_000, memory: { softBytes: 800, hardBytes: 1_000 } },
    });
    void harness.submit('opener');
    const mates = ['a', 'b'].map((name) => harness.submit(name));
    harness.engines.last.finish();
    harness.clock.advance(5_000);
    expect(harness.engines.all).toHaveLength(2);
    harness.readyAll();
    expect(harness.engines.last.running.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(['a']);
    harness.engines.last.finish();
    harness.engines.last.finish();
    expect(await Promise.all(mates)).toEqual(['a', 'b']);
  });

  it('that alone takes longer than a run may is rejected with TIMEOUT', async () => {
    const harness = Harness.ready({
      limits: { runMs: 5_000, loadMs: 1_000, memory: { softBytes: 800, hardBytes: 1_000 } },
    });
    const result = harness.submit('hangs');
    harness.clock.advance(5_000);
    expect(await result).toBe('TIMEOUT');
  });
});

describe('a load', () => {
  it('that stands still is ended, and says for how long, at what, and what to look at', () => {
    const harness = new Harness({
      limits: { runMs: 5_000, loadMs: 3_000, memory: { softBytes: 800, hardBytes: 1_000 } },
    });
    harness.dispatcher.start();
    harness.clock.advance(2_000);
    harness.engines.last.progress('loading on cpu');
    harness.clock.advance(2_999);
    expect(harness.dispatcher.detail).toBe('loading on cpu');
    harness.clock.advance(1);
    expect(harness.dispatcher.detail).toContain(
      'Loading made no progress for 3 s at "loading on cpu". Check the model\'s files, and that its first run ends; if other models do not ' +
        'load either, give the machine more CPU.',
    );
  });
});

describe('a kill', () => {
  it('that has not taken effect yet keeps new jobs away from the engine', () => {
    const { sent, wrapLaunch } = recordSent();
    const harness = Harness.ready({ wrapLaunch });
    void harness.submit('slow', { timeoutMs: 200 });
    harness.engines.last.exitsAtOnce = false;
    harness.clock.advance(1_000);
    void harness.submit('next');
    expect(sent).toEqual(['slow']);
    harness.engines.last.reap();
    harness.readyAll();
    expect(sent).toEqual(['slow', 'next']);
  });

  it('that comes when the run is just over blames nothing on the run after it', async () => {
    const harness = Harness.ready({
      limits: { runMs: 5_000, loadMs: 1_000, memory: { softBytes: 800, hardBytes: 1_000 } },
    });
    const slow = harness.submit('slow');
    const next = harness.submit('next');
    const [engine] = harness.engines.all;
    if (engine === undefined) throw new Error('no engine was launched');
    engine.exitsAtOnce = false;
    harness.clock.advance(5_000);
    engine.finish();
    expect(texts(harness.engines)).toEqual(['next']);
    engine.exit('ended by SIGKILL');
    expect(await slow).toBe('slow');
    expect(await now(next)).toBeUndefined();
    harness.readyAll();
    harness.engines.last.finish();
    expect(await next).toBe('next');
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
    harness.readyAll();
    harness.engines.last.progress('loaded');
    harness.clock.advance(1_000_000);
    expect(harness.engines.all).toHaveLength(2);
  });

  it('that a debugger may hold is not replaced for being slow, and its client still gets 504 in time', async () => {
    const limits = { runMs: 5_000, loadMs: 1_000, memory: { softBytes: 800, hardBytes: 1_000 }, inspected: true };
    const harness = new Harness({ limits });
    harness.dispatcher.start();
    harness.clock.advance(1_000_000);
    harness.readyAll();
    const slow = harness.submit('slow', { timeoutMs: 200 });
    harness.clock.advance(200);
    expect(await slow).toBe('TIMEOUT');
    harness.engines.last.stopped = true;
    harness.clock.advance(1_000_000);
    harness.engines.last.resume();
    harness.engines.last.finish();
    const next = harness.submit('next');
    harness.engines.last.finish();
    expect(await next).toBe('next');
    expect(harness.engines.all).toHaveLength(1);
    harness.engines.last.hold(1_001);
    expect(harness.engines.all).toHaveLength(2);
  });

  it('over its soft memory limit is replaced after its jobs', async () => {
    const harness = Harness.ready();
    const first = harness.submit('first');
    harness.engines.last.finish();
    await first;
    const second = harness.submit('second');
    harness.engines.last.hold(900);
    void harness.submit('third');
    expect(harness.engines.all).toHaveLength(1);
    harness.engines.last.finish();
    expect(await second).toBe('second');
    expect(harness.engines.all).toHaveLength(2);
  });

  it('over its soft memory limit is replaced at once when it has nothing to do, and not before what it was sent', async () => {
    const harness = Harness.ready();
    for (const name of ['first', 'second']) void harness.submit(name);
    const ahead = harness.submit('ahead');
    harness.engines.last.finish();
    harness.engines.last.hold(900);
    harness.engines.last.finish();
    expect(harness.engines.all).toHaveLength(1);
    harness.engines.last.finish();
    expect(await now(ahead)).toBe('ahead');
    expect(harness.engines.all).toHaveLength(2);
    harness.readyAll();
    void harness.submit('next');
    harness.engines.last.finish();
    harness.engines.last.hold(900);
    expect(harness.engines.all).toHaveLength(3);
  });

  it('over its hard memory limit is replaced at once, and twice while running one input is OUT_OF_MEMORY', async () => {
    const harness = Harness.ready();
    const greedy = harness.submit('greedy');
    harness.engines.last.hold(1_001);
    harness.readyAll();
    expect(harness.engines.all).toHaveLength(2);
    harness.engines.last.hold(1_001);
    expect(await greedy).toBe('OUT_OF_MEMORY');
  });

  it('over its soft memory limit is replaced also when what it had been sent is cancelled before it begins', () => {
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

  it('whose device is lost is replaced, and what it ran runs once more', async () => {
    const harness = Harness.ready();
    const result = harness.submit('hello');
    harness.engines.last.loseDevice('CUDA failure 700');
    harness.readyAll();
    harness.engines.last.finish();
    expect(await result).toBe('hello');
    expect(harness.engines.all).toHaveLength(2);
  });

  it('on which an input loses the device twice is not run a third time', async () => {
    const harness = Harness.ready();
    const result = harness.submit('hello');
    for (let engine = 0; engine < 2; engine++) {
      harness.engines.last.loseDevice('CUDA failure 700');
      harness.readyAll();
    }
    expect(await now(result)).toBe('ENGINE_CRASHED');
  });

  /** Runs these one after the other: true finds its memory. */
  function runAll(harness: Harness, ...found: readonly boolean[]): void {
    for (const ok of found) {
      void harness.submit('large');
      harness.engines.last.finish(ok ? undefined : fail(new Failure('OUT_OF_MEMORY', 'no memory')));
    }
  }

  it('that finds no memory three times in a row is replaced, after its other jobs', async () => {
    const harness = Harness.ready();
    harness.clock.advance(60_000);
    runAll(harness, false, false, true, false, false);
    expect(harness.engines.all).toHaveLength(1);
    runAll(harness, false);
    expect(harness.engines.all).toHaveLength(2);
    const [first] = harness.engines.all;
    expect(first?.killed).toBe(true);
  });

  it('that finds no memory is kept for a minute, because a new one may find none either', () => {
    const harness = Harness.ready();
    runAll(harness, false, false, false, false, false);
    expect(harness.engines.all).toHaveLength(1);
    harness.clock.advance(60_000);
    runAll(harness, false);
    expect(harness.engines.all).toHaveLength(2);
  });

  it('that does not begin what it was sent is replaced, and no client loses a result', async () => {
    const harness = Harness.ready();
    harness.engines.last.stopped = true;
    const result = harness.submit('hello');
    harness.clock.advance(4_999);
    expect(harness.engines.all).toHaveLength(1);
    harness.clock.advance(1);
    expect(harness.engines.all).toHaveLength(2);
    harness.readyAll();
    harness.engines.last.finish();
    expect(await result).toBe('hello');
  });

  it('that has sent every outcome and does not end its run is replaced', async () => {
    const harness = Harness.ready();
    const results = ['first', 'sent ahead'].map((name) => harness.submit(name));
    harness.engines.last.stopsAfterOutcomes = true;
    harness.engines.last.finish();
    expect(await results[0]).toBe('first');
    harness.clock.advance(5_000);
    harness.readyAll();
    harness.engines.last.finish();
    expect(await now(results[1] ?? Promise.resolve(''))).toBe('sent ahead');
  });

  it('that stops between two runs is replaced', async () => {
    const harness = Harness.ready();
    const results = ['first', 'sent ahead'].map((name) => harness.submit(name));
    harness.engines.last.stopsAfterRun = true;
    harness.engines.last.finish();
    expect(await results[0]).toBe('first');
    harness.clock.advance(5_000);
    harness.readyAll();
    harness.engines.last.finish();
    expect(await results[1]).toBe('sent ahead');
    expect(harness.engines.all).toHaveLength(2);
  });

  it('that is ended before it begins is blamed on nothing that it was sent', async () => {
    const harness = Harness.ready();
    const result = harness.submit('hello');
    harness.engines.last.exit();
    harness.engines.last.stopped = true;
    harness.engines.last.becomeReady();
    harness.clock.advance(5_000);
    harness.readyAll();
    harness.engines.last.finish();
    expect(await now(result)).toBe('hello');
  });

  it('that reports nothing because all it was sent was cancelled is not replaced once it does', () => {
    const harness = Harness.ready();
    harness.engines.last.stopped = true;
    const leaving = new AbortController();
    void harness.submit('hello', { signal: leaving.signal });
    leaving.abort();
    harness.engines.last.resume();
    harness.clock.advance(60_000);
    expect(harness.engines.all).toHaveLength(1);
  });

  it('that stays silent is replaced although every client has left', () => {
    const harness = Harness.ready();
    harness.engines.last.stopped = true;
    for (let second = 0; second < 5; second++) {
      void harness.submit('impatient', { timeoutMs: 200 });
      harness.clock.advance(1_000);
    }
    expect(harness.engines.all).toHaveLength(2);
  });

  it('is started alone first, and the others once it has reported which device it runs on', () => {
    const harness = new Harness({ replicas: 3 });
    harness.dispatcher.start();
    expect(harness.engines.all).toHaveLength(1);
    harness.engines.last.becomeReady();
    expect(harness.engines.all).toHaveLength(3);
  });
});
