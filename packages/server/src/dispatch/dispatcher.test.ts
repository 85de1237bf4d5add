import { Failure } from '@portico/schemas';
import { describe, expect, it } from 'vitest';
import { fail } from './testing/fake-engine.ts';
import { Harness, now } from './testing/harness.ts';
import { SlowWire } from './testing/slow-wire.ts';
import { bound, textInput } from './testing/watching.ts';

describe('a request', () => {
  it('resolves with the output of the engine', async () => {
    const { engines, submit } = bound(Harness.ready());
    const result = submit('hello');
    engines.last.finish();
    expect(await result).toBe('hello');
  });

  it('rejects with the failure that the engine reports', async () => {
    const { engines, submit } = bound(Harness.ready());
    const result = submit('a text file');
    engines.last.finish(fail(new Failure('BAD_INPUT', 'no image')));
    expect(await result).toBe('BAD_INPUT');
  });

  it('is rejected while the model loads', async () => {
    const harness = new Harness();
    harness.dispatcher.start();
    harness.engines.last.progress('verifying weights');
    await expect(harness.dispatcher.submit(textInput('x'), { client: 'someone', timeoutMs: 1 })).rejects.toMatchObject({
      code: 'NOT_READY',
      message: expect.stringContaining('verifying weights') as string,
      retryAfterSeconds: expect.any(Number) as number,
    });
  });

  it('is rejected when the queue is full, with the time the queue will take', async () => {
    const harness = Harness.ready({ maxQueue: 2, info: { warmUpMs: 4_000 } });
    const { submit } = bound(harness);
    for (const name of ['running', 'sent ahead', 'waiting']) void submit(name);
    await expect(
      harness.dispatcher.submit(textInput('x'), { client: 'someone', timeoutMs: 60_000 }),
    ).rejects.toMatchObject({
      code: 'OVERLOADED',
      retryAfterSeconds: 12,
    });
  });

  it('is rejected at once when those before it take longer than its timeout', async () => {
    const harness = Harness.ready({ info: { warmUpMs: 2_000 } });
    const { submit } = bound(harness);
    for (const name of ['running', 'sent ahead']) void submit(name);
    expect(await submit('impatient', { timeoutMs: 3_000 })).toBe('OVERLOADED');
    expect(await now(submit('patient', { timeoutMs: 30_000 }))).toBeUndefined();
  });

  it('is rejected at once when the run before it takes longer than its timeout', async () => {
    const harness = Harness.ready({ info: { warmUpMs: 2_000 } });
    void harness.submit('running');
    expect(await harness.submit('impatient', { timeoutMs: 3_000 })).toBe('OVERLOADED');
    harness.clock.advance(1_600);
    expect(await now(harness.submit('impatient', { timeoutMs: 3_000 }))).toBeUndefined();
  });

  it('is judged by runs that succeeded, not by those that fail at once', async () => {
    const harness = Harness.ready({ info: { warmUpMs: 2_000 } });
    for (let turn = 0; turn < 30; turn++) {
      const result = harness.submit('a text file');
      harness.clock.advance(1);
      harness.engines.last.finish(fail(new Failure('BAD_INPUT', 'no image')));
      expect(await result).toBe('BAD_INPUT');
    }
    for (const name of ['running', 'sent ahead']) void harness.submit(name);
    expect(await harness.submit('impatient', { timeoutMs: 3_000 })).toBe('OVERLOADED');
  });

  it('is judged by what runs take while all replicas are busy', async () => {
    const harness = Harness.ready({ replicas: 2, info: { warmUpMs: 1_000 } });
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
    expect(await harness.submit('impatient', { timeoutMs: 3_000 })).toBe('OVERLOADED');
  });

  it('is not rejected for a short timeout when nothing is before it', async () => {
    const harness = Harness.ready({ info: { warmUpMs: 2_000 } });
    const result = harness.submit('impatient', { timeoutMs: 200 });
    harness.clock.advance(200);
    expect(await result).toBe('TIMEOUT');
  });
});

describe('a replica whose run has all its outcomes', () => {
  it('counts as free before it reports so, for a client with a short timeout', async () => {
    const wires: SlowWire[] = [];
    const harness = new Harness({
      info: { warmUpMs: 2_000 },
      wrapLaunch: (launch) => SlowWire.between(launch, wires),
    });
    harness.dispatcher.start();
    harness.engines.last.becomeReady({ warmUpMs: 2_000 });
    const deliver = (times: number): void => {
      for (let time = 0; time < times; time++) wires[0]?.deliver();
    };
    deliver(1);
    const first = harness.submit('first');
    deliver(2);
    harness.engines.last.finish();
    // The outcome arrives, the report that the run is over does not yet.
    deliver(1);
    expect(await first).toBe('first');
    const second = harness.submit('second', { timeoutMs: 200 });
    expect(await now(second)).toBeUndefined();
    harness.clock.advance(200);
    expect(await second).toBe('TIMEOUT');
  });
});

describe('a deadline', () => {
  it('rejects the job and lets a run that may still end go on', async () => {
    const harness = Harness.ready();
    const result = harness.submit('slow', { timeoutMs: 200 });
    harness.clock.advance(200);
    expect(await result).toBe('TIMEOUT');
    expect(harness.engines.all).toHaveLength(1);
    harness.engines.last.finish();
    const next = harness.submit('next');
    harness.engines.last.finish();
    expect(await next).toBe('next');
    expect(harness.engines.all).toHaveLength(1);
  });

  it('ends an abandoned run once it has lasted a second, or ten warm-ups', () => {
    const quick = Harness.ready({ info: { warmUpMs: 10 } });
    void quick.submit('hangs', { timeoutMs: 200 });
    quick.clock.advance(999);
    expect(quick.engines.all).toHaveLength(1);
    quick.clock.advance(1);
    expect(quick.engines.all).toHaveLength(2);

    const slow = Harness.ready({ info: { warmUpMs: 500 } });
    void slow.submit('hangs', { timeoutMs: 200 });
    slow.clock.advance(4_999);
    expect(slow.engines.all).toHaveLength(1);
    slow.clock.advance(1);
    expect(slow.engines.all).toHaveLength(2);
  });

  it('does not end a run while one of its clients waits', () => {
    const harness = Harness.ready({ info: { maxBatchSize: 4 } });
    void harness.submit('first');
    const timeouts = [200, 30_000];
    for (const timeoutMs of timeouts) void harness.submit('mate', { timeoutMs });
    harness.engines.last.finish();
    harness.clock.advance(20_000);
    expect(harness.engines.all).toHaveLength(1);
    harness.clock.advance(10_500);
    expect(harness.engines.all).toHaveLength(2);
  });

  it('leaves a long run half a second to stop by itself when its last client leaves', async () => {
    const harness = Harness.ready();
    const leaving = new AbortController();
    void harness.submit('long', { signal: leaving.signal });
    harness.clock.advance(20_000);
    leaving.abort();
    harness.clock.advance(499);
    harness.engines.last.finish();
    harness.clock.advance(10_000);
    expect(harness.engines.all).toHaveLength(1);
  });
});

describe('a stop', () => {
  it('ends every engine at once, whatever it does, and launches no other', () => {
    const harness = Harness.ready({ replicas: 3 });
    void harness.submit('running', { timeoutMs: 200 });
    harness.dispatcher.stop();
    expect(harness.engines.alive).toEqual([]);
    harness.clock.advance(60_000);
    expect(harness.engines.all).toHaveLength(3);
    expect(harness.clock.pending).toBe(0);
  });

  it('launches no other engine for a report that was on its way', () => {
    const wires: SlowWire[] = [];
    const harness = new Harness({ replicas: 3, wrapLaunch: (launch) => SlowWire.between(launch, wires) });
    harness.dispatcher.start();
    harness.engines.last.progress('warming up');
    harness.engines.last.becomeReady();
    harness.dispatcher.stop();
    for (const wire of wires) while (!wire.quiet) wire.deliver();
    expect(harness.engines.all).toHaveLength(1);
    expect(harness.clock.pending).toBe(0);
  });

  it('cancels the respawn that is to come after a pause', () => {
    const harness = new Harness();
    harness.dispatcher.start();
    for (let exit = 0; exit < 4; exit++) harness.engines.last.exit();
    harness.dispatcher.stop();
    expect(harness.clock.pending).toBe(0);
  });
});

describe('readiness', () => {
  it('begins with the first warm replica and outlasts a respawn, but not ten seconds without a replica', () => {
    const harness = new Harness();
    harness.dispatcher.start();
    expect(harness.dispatcher.ready).toBe(false);
    harness.engines.last.becomeReady();
    expect(harness.dispatcher.ready).toBe(true);
    harness.engines.last.exit();
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
