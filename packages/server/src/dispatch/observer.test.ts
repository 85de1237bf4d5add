import { expect, it } from 'vitest';
import type { DispatchObserver } from './observer.ts';
import { Harness } from './testing/harness.ts';

/** A dispatcher with one replica that loads, and what its observer hears. */
function observed(options: { maxQueue?: number; maxBatch?: number } = {}) {
  const heard: unknown[][] = [];
  const observer: DispatchObserver = {
    started: (...told) => heard.push(['started', ...told]),
    cancelled: (...told) => heard.push(['cancelled', ...told]),
    rejected: (...told) => heard.push(['rejected', ...told]),
    restarted: (...told) => heard.push(['restarted', ...told]),
    progress: (...told) => heard.push(['progress', ...told]),
    replicaReady: (model, { device }, milliseconds) => heard.push(['replicaReady', model, device, milliseconds]),
  };
  const { maxQueue = 64, maxBatch = 1 } = options;
  const harness = new Harness({ observer, maxQueue, info: { maxBatchSize: maxBatch } });
  harness.dispatcher.start();
  return { harness, heard };
}

it('hears how a replica loads, when it is ready, and why it is replaced', () => {
  const { harness, heard } = observed();
  harness.engines.last.progress('verifying weights');
  harness.clock.advance(300);
  harness.readyAll();
  harness.engines.last.die('ended by SIGSEGV');
  expect(heard).toEqual([
    ['progress', 'test', 'verifying weights'],
    ['replicaReady', 'test', 'cpu', 300],
    ['restarted', 'test', 'crash', 'ended by SIGSEGV'],
  ]);
});

it('hears of each run how many inputs it has and how long they waited', () => {
  const { harness, heard } = observed({ maxBatch: 2 });
  harness.readyAll();
  void harness.submit('first');
  void harness.submit('second');
  harness.clock.advance(20);
  void harness.submit('third');
  harness.clock.advance(5);
  harness.engines.last.finish();
  expect(heard.slice(1)).toEqual([
    ['started', 'test', 1, [0]],
    ['started', 'test', 2, [25, 5]],
  ]);
});

it('hears where clients leave, and not of those whose time is up', () => {
  const { harness, heard } = observed();
  harness.readyAll();
  const leaving = new AbortController();
  for (const name of ['running', 'waiting']) void harness.submit(name, { signal: leaving.signal });
  void harness.submit('late', { deadlineMs: 100 });
  harness.clock.advance(100);
  leaving.abort();
  expect(heard.filter(([event]) => event === 'cancelled')).toEqual([
    ['cancelled', 'test', 'running'],
    ['cancelled', 'test', 'queued'],
  ]);
});

it('hears who is turned away, and why', () => {
  const { harness, heard } = observed({ maxQueue: 1 });
  void harness.submit('early');
  harness.readyAll();
  for (const name of ['running', 'waiting', 'one too many']) void harness.submit(name);
  expect(heard.filter(([event]) => event === 'rejected')).toEqual([
    ['rejected', 'test', 'not-ready'],
    ['rejected', 'test', 'queue-full'],
  ]);
});

it('hears the first reason for which a replica is ended, whatever comes before the end', () => {
  const { harness, heard } = observed();
  harness.readyAll();
  void harness.submit('hangs', { deadlineMs: 200 });
  harness.engines.last.diesAtOnce = false;
  harness.clock.advance(1_000);
  harness.engines.last.hold(1_001);
  harness.engines.last.reap();
  expect(heard.at(-1)).toEqual(['restarted', 'test', 'abandoned', 'ended by SIGKILL']);
});
