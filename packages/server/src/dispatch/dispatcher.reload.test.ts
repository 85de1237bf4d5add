import { describe, expect, it } from 'vitest';
import { Harness, now } from './testing/harness.ts';
import type { FakeEngine } from './testing/fake-engine.ts';
import { bound } from './testing/watching.ts';

const alive = ({ engines }: Harness): readonly FakeEngine[] =>
  engines.all.filter((engine) => engine.alive && !engine.killed);

describe('a reload', () => {
  it('replaces every replica, and the first new one is ready before the old ones go', async () => {
    const harness = Harness.ready({ replicas: 2 });
    const old = [...harness.engines.all];
    const reloaded = harness.dispatcher.reload();
    expect(alive(harness)).toHaveLength(3);
    expect(harness.dispatcher.replicas).toEqual({ ready: 2, target: 2 });

    harness.readyAll();
    expect(await reloaded).toBeUndefined();
    expect(old.every(({ killed }) => killed)).toBe(true);
    harness.readyAll();
    expect(alive(harness)).toHaveLength(2);
    expect(harness.dispatcher.replicas).toEqual({ ready: 2, target: 2 });
  });

  it('lets the old replica finish what it has, while the new one gets what comes', async () => {
    const harness = Harness.ready();
    const { engines, submit } = bound(harness);
    const before = submit('before');
    const [old] = engines.all as [FakeEngine];
    const reloaded = harness.dispatcher.reload();
    const meanwhile = submit('meanwhile');
    harness.readyAll();
    expect(await reloaded).toBeUndefined();
    // What the old one had not begun is taken back.
    engines.last.finish();
    expect(await meanwhile).toBe('meanwhile');
    expect(old.killed).toBe(false);
    old.finish();
    expect(await before).toBe('before');
    expect(old.killed).toBe(true);
    expect(await now(submit('after'))).toBeUndefined();
    engines.last.finish();
  });

  it('that does not load leaves the old replicas as they are', async () => {
    const harness = Harness.ready();
    const { engines, submit } = bound(harness);
    const [old] = engines.all as [FakeEngine];
    const reloaded = harness.dispatcher.reload();
    engines.last.failToLoad('a syntax error');
    engines.last.exit('ended by SIGKILL');
    expect(await reloaded).toBe('a syntax error');
    const result = submit('x');
    old.finish();
    expect(await result).toBe('x');
    expect(alive(harness)).toEqual([old]);
    expect(harness.dispatcher.ready).toBe(true);
  });

  it('of a model that does not load at all makes it ready', async () => {
    const harness = new Harness();
    harness.dispatcher.start();
    for (let exits = 0; exits < 4; exits += 1) harness.engines.last.exit('exited with code 1');
    expect(alive(harness)).toEqual([]);
    const reloaded = harness.dispatcher.reload();
    harness.readyAll();
    expect(await reloaded).toBeUndefined();
    harness.clock.advance(60_000);
    expect(alive(harness)).toHaveLength(1);
    expect(harness.dispatcher.replicas).toEqual({ ready: 1, target: 1 });
  });

  it('takes the place of one that is still under way', async () => {
    const harness = Harness.ready();
    const first = harness.dispatcher.reload();
    const second = harness.dispatcher.reload();
    expect(await first).toBe('A later reload has taken its place.');
    expect(await now(second)).toBeUndefined();
    expect(alive(harness)).toHaveLength(2);
    harness.readyAll();
    expect(await second).toBeUndefined();
    expect(alive(harness)).toHaveLength(1);
  });

  it('ends with the server', () => {
    const harness = Harness.ready();
    void harness.dispatcher.reload();
    harness.dispatcher.stop();
    expect(alive(harness)).toEqual([]);
  });
});
