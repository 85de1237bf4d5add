import { expect, it } from 'vitest';
import type { DispatchObserver } from './observer.ts';
import { Harness } from './testing/harness.ts';

/** A dispatcher with one replica that loads, and the calls of its observer. */
function observed(options: { maxQueue?: number; maxBatchSize?: number } = {}) {
  const calls: unknown[][] = [];
  const observer: DispatchObserver = {
    started: (...values) => calls.push(['started', ...values]),
    cancelled: (...values) => calls.push(['cancelled', ...values]),
    rejected: (...values) => calls.push(['rejected', ...values]),
    restarted: (...values) => calls.push(['restarted', ...values]),
    progress: (...values) => calls.push(['progress', ...values]),
    downloaded: (...values) => calls.push(['downloaded', ...values]),
    ran: () => {},
    replicaReady: (model, { device }, milliseconds) => calls.push(['replicaReady', model, device, milliseconds]),
  };
  const { maxQueue = 64, maxBatchSize = 1 } = options;
  const harness = new Harness({ observer, maxQueue, info: { maxBatchSize } });
  harness.dispatcher.start();
  return { harness, calls };
}

it('the observer gets how a replica loads, when it is ready, and why it is replaced', () => {
  const { harness, calls } = observed();
  harness.engines.last.progress('loading on cpu');
  harness.engines.last.download(1_000, 20);
  harness.clock.advance(300);
  harness.readyAll();
  harness.engines.last.exit('ended by SIGSEGV');
  expect(calls).toEqual([
    ['progress', 'test', { stage: 'loading', detail: 'loading on cpu' }],
    ['downloaded', 'test', 1_000, 20],
    ['replicaReady', 'test', 'cpu', 300],
    ['restarted', 'test', 'crash', 'ended by SIGSEGV'],
  ]);
});

it('the observer gets of each run how many inputs it has and how long they were pending', () => {
  const { harness, calls } = observed({ maxBatchSize: 2 });
  harness.readyAll();
  void harness.submit('first');
  void harness.submit('second');
  harness.clock.advance(20);
  void harness.submit('third');
  harness.clock.advance(5);
  harness.engines.last.finish();
  expect(calls.slice(1)).toEqual([
    ['started', 'test', 1, [0]],
    ['started', 'test', 2, [25, 5]],
  ]);
});

it('the observer gets where clients leave, and not those whose deadline has passed', () => {
  const { harness, calls } = observed();
  harness.readyAll();
  const leaving = new AbortController();
  for (const name of ['running', 'waiting']) void harness.submit(name, { signal: leaving.signal });
  void harness.submit('late', { timeoutMs: 100 });
  harness.clock.advance(100);
  leaving.abort();
  expect(calls.filter(([event]) => event === 'cancelled')).toEqual([
    ['cancelled', 'test', 'running'],
    ['cancelled', 'test', 'queued'],
  ]);
});

it('the observer gets what is rejected, and why', () => {
  const { harness, calls } = observed({ maxQueue: 1 });
  void harness.submit('early');
  harness.readyAll();
  for (const name of ['running', 'waiting', 'one too many']) void harness.submit(name);
  expect(calls.filter(([event]) => event === 'rejected')).toEqual([
    ['rejected', 'test', 'not-ready'],
    ['rejected', 'test', 'queue-full'],
  ]);
});

it('the observer gets the first reason for which a replica is killed, whatever comes before its exit', () => {
  const { harness, calls } = observed();
  harness.readyAll();
  void harness.submit('hangs', { timeoutMs: 200 });
  harness.engines.last.exitsAtOnce = false;
  harness.clock.advance(1_000);
  harness.engines.last.hold(1_001);
  harness.engines.last.reap();
  expect(calls.at(-1)).toEqual(['restarted', 'test', 'abandoned', 'ended by SIGKILL']);
});
