import { describe, expect, it } from 'vitest';
import { Harness, now } from './testing/harness.ts';
import { SlowWire } from './testing/slow-wire.ts';
import { textInput, recordSent, texts } from './testing/watching.ts';

describe('a job', () => {
  it('goes to a free replica at once, and behind a running batch when none is free', () => {
    const harness = Harness.ready({ replicas: 2 });
    for (const name of ['a', 'b', 'c', 'd', 'e']) void harness.submit(name);
    expect(harness.engines.begun).toEqual([1, 2]);
    expect(harness.dispatcher.running).toBe(2);
    expect(harness.dispatcher.pending).toBe(3);
    harness.engines.all[0]?.finish();
    expect(harness.engines.begun).toEqual([1, 2, 3]);
  });

  it('that is pending in a busy engine moves to a replica that is free', async () => {
    const harness = Harness.ready({ replicas: 2 });
    const results = ['a', 'b', 'c'].map((name) => harness.submit(name));
    const [first, second] = harness.engines.all;
    second?.finish();
    expect(texts(harness.engines)).toEqual(['a', 'c']);
    second?.finish();
    first?.finish();
    expect(await Promise.all(results)).toEqual(['a', 'b', 'c']);
    expect(harness.engines.begun).toHaveLength(3);
  });

  it('that is pending moves from the replica with the most pending jobs', () => {
    const harness = Harness.ready({ replicas: 3 });
    for (const name of ['a', 'b', 'c', 'behind a']) void harness.submit(name);
    harness.engines.all[2]?.finish();
    expect(texts(harness.engines)).toEqual(['a', 'b', 'behind a']);
  });

  it('is sent ahead to the replica that is busy the longest', () => {
    const { sent, wrapLaunch } = recordSent();
    const harness = Harness.ready({ replicas: 2, wrapLaunch });
    void harness.submit('a');
    harness.clock.advance(100);
    void harness.submit('b');
    void harness.submit('behind a');
    harness.engines.all[0]?.finish();
    expect(texts(harness.engines)).toEqual(['behind a', 'b']);
    expect(sent).toEqual(['a', 'b', 'behind a']);
  });

  it('is not sent ahead while much is on the way to the engine, left there by clients who have gone', () => {
    const { sent, wrapLaunch } = recordSent();
    const harness = Harness.ready({ wrapLaunch });
    const leaving = new AbortController();
    void harness.submit('running');
    void harness.submit('large', { signal: leaving.signal });
    const { last: engine } = harness.engines;
    engine.unreadBytes = 65 * 1024 * 1024;
    leaving.abort();
    void harness.submit('next');
    expect(sent).toEqual(['running', 'large']);
    engine.unreadBytes = 0;
    engine.finish();
    expect(sent).toEqual(['running', 'large', 'next']);
  });

  it('is sent to a free engine in the size of a run', () => {
    const { sent, wrapLaunch } = recordSent();
    const wires: SlowWire[] = [];
    const harness = new Harness({ wrapLaunch: (launch) => wrapLaunch(SlowWire.between(launch, wires)) });
    const becomeReady = (): void => {
      harness.engines.last.becomeReady({ maxBatchSize: 2 });
      wires.at(-1)?.deliver();
    };
    harness.dispatcher.start();
    becomeReady();
    const leaving = new AbortController();
    void harness.submit('running', { signal: leaving.signal });
    wires[0]?.deliver();
    for (const name of ['a', 'b', 'c']) void harness.submit(name);
    harness.engines.last.exit();
    for (const wire of wires) while (!wire.quiet) wire.deliver();
    leaving.abort();
    sent.length = 0;
    becomeReady();
    expect(sent).toEqual(['a', 'b']);
  });

  it('is batched up to the limit that the engine found', () => {
    const harness = Harness.ready({ info: { maxBatchSize: 4 } });
    for (let index = 0; index < 10; index++) void harness.submit(String(index));
    const { last } = harness.engines;
    const sizes = [1, 4, 4, 1].map(() => {
      const { length } = last.running;
      last.finish();
      return length;
    });
    expect(sizes).toEqual([1, 4, 4, 1]);
  });

  it('is sent ahead to all replicas in equal shares, though one could take all', () => {
    const harness = Harness.ready({ replicas: 2, info: { maxBatchSize: 16 } });
    for (let index = 0; index < 10; index++) void harness.submit(String(index));
    const sizes = harness.engines.all.map((engine) => {
      engine.finish();
      return engine.running.length;
    });
    expect(sizes).toEqual([4, 4]);
  });

  it('is sent at most one run ahead', () => {
    const { sent, wrapLaunch } = recordSent();
    const harness = Harness.ready({ info: { maxBatchSize: 4 }, wrapLaunch });
    for (let index = 0; index < 20; index++) void harness.submit(String(index));
    expect(sent).toEqual(['0', '1', '2', '3', '4']);
  });

  it('is sent ahead by time where runs are short, evenly', () => {
    const { sent, wrapLaunch } = recordSent();
    const harness = Harness.ready({ replicas: 2, info: { warmUpMs: 0.25 }, wrapLaunch });
    for (let index = 0; index < 20; index++) void harness.submit(String(index));
    // Two run, and 1 ms of runs is pending behind each.
    expect(sent).toHaveLength(2 + 2 * 4);
  });

  it('that was sent ahead last moves to a replica that is free, because the first may be about to begin', () => {
    const harness = Harness.ready({ replicas: 2, info: { warmUpMs: 0.25 } });
    for (let index = 0; index < 6; index++) void harness.submit(String(index));
    const [, second] = harness.engines.all;
    for (let run = 0; run < 3; run++) second?.finish();
    expect(texts(harness.engines)).toEqual(['0', '4']);
  });

  it('is sent ahead as soon as the engine has begun with what it had', () => {
    const { sent, wrapLaunch } = recordSent();
    const wires: SlowWire[] = [];
    const harness = new Harness({ wrapLaunch: (launch) => wrapLaunch(SlowWire.between(launch, wires)) });
    harness.dispatcher.start();
    harness.readyAll();
    wires[0]?.deliver();
    for (const name of ['first', 'second']) void harness.submit(name);
    expect(sent).toEqual(['first']);
    wires[0]?.deliver();
    expect(sent).toEqual(['first', 'second']);
  });

  it('is sent ahead in the place of one that was sent ahead and cancelled', () => {
    const { sent, wrapLaunch } = recordSent();
    const harness = Harness.ready({ wrapLaunch });
    const leaving = new AbortController();
    void harness.submit('running');
    void harness.submit('ahead', { signal: leaving.signal });
    void harness.submit('next');
    leaving.abort();
    expect(sent).toEqual(['running', 'ahead', 'next']);
  });

  it('for which an engine returns no result is INTERNAL', async () => {
    const harness = Harness.ready({
      wrapLaunch: (launch) => (listener) => launch({ ...listener, onOutcome: () => {} }),
    });
    const result = harness.submit('hello');
    harness.engines.last.finish();
    expect(await now(result)).toBe('INTERNAL');
  });

  it('has its queue time in its result', async () => {
    const harness = Harness.ready();
    void harness.submit('running');
    const result = harness.dispatcher.submit(textInput('waiting'), { client: 'someone', timeoutMs: 60_000 });
    harness.clock.advance(70);
    harness.engines.last.finish();
    harness.clock.advance(10);
    harness.engines.last.finish();
    expect((await result).times.queue).toBe(70);
  });

  it('whose client has left never starts', async () => {
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
    expect(harness.dispatcher.pending).toBe(0);
  });

  it('whose client had left before it came is not accepted', async () => {
    const harness = Harness.ready();
    expect(await harness.submit('late', { signal: AbortSignal.abort() })).toBe('CANCELLED');
    expect(harness.engines.begun).toEqual([]);
  });

  it('whose deadline passes in the queue is rejected then and never starts', async () => {
    const harness = Harness.ready();
    const running = harness.submit('running');
    const queued = harness.submit('queued', { timeoutMs: 500 });
    harness.clock.advance(500);
    expect(await queued).toBe('TIMEOUT');
    harness.engines.last.finish();
    expect(await running).toBe('running');
    expect(harness.engines.begun).toEqual([1]);
  });
});
