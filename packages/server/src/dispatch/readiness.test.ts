import { expect, it } from 'vitest';
import { Readiness } from './readiness.ts';
import { FakeClock } from './testing/fake-clock.ts';

it('a model that never had a replica is not ready, and says why', () => {
  const readiness = new Readiness(new FakeClock());
  expect([readiness.ready, readiness.detail]).toEqual([false, 'starting']);
  readiness.explain('verifying weights');
  readiness.update(0);
  expect([readiness.ready, readiness.detail]).toEqual([false, 'verifying weights']);
});

it('while another attempt is under way, it still says why the one before failed, until one succeeds', () => {
  const readiness = new Readiness(new FakeClock());
  readiness.explainFailure('net.onnx cannot be downloaded: 404');
  expect(readiness.detail).toBe('net.onnx cannot be downloaded: 404');
  readiness.explain('verifying weights');
  expect(readiness.detail).toBe('verifying weights; the attempt before: net.onnx cannot be downloaded: 404');
  readiness.update(1);
  expect(readiness.detail).toBe('verifying weights');
});

it('the ten seconds begin when the last replica is lost, each time', () => {
  const clock = new FakeClock();
  const readiness = new Readiness(clock);
  readiness.update(2);
  readiness.update(1);
  clock.advance(20_000);
  readiness.update(0);
  clock.advance(9_000);
  readiness.update(0);
  expect(readiness.ready).toBe(true);
  clock.advance(1_000);
  expect(readiness.ready).toBe(false);
  readiness.update(1);
  readiness.update(0);
  expect(readiness.ready).toBe(true);
});
