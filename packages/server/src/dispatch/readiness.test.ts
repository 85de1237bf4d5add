import { expect, it } from 'vitest';
import { Readiness } from './readiness.ts';
import { FakeClock } from './testing/fake-clock.ts';

it('a model that never had a replica is not ready, and says why', () => {
  const readiness = new Readiness(new FakeClock());
  expect([readiness.ready, readiness.detail]).toEqual([false, 'starting']);
  readiness.report({ stage: 'verifying', detail: 'verifying weights' });
  readiness.update(0);
  expect([readiness.ready, readiness.detail]).toEqual([false, 'verifying weights']);
});

it('while another attempt is under way, it still says why the one before failed, until one succeeds', () => {
  const readiness = new Readiness(new FakeClock());
  readiness.reportFailure('net.onnx cannot be downloaded: 404');
  expect(readiness.detail).toBe('net.onnx cannot be downloaded: 404');
  readiness.report({ stage: 'verifying', detail: 'verifying weights' });
  expect(readiness.detail).toBe('verifying weights; the previous attempt: net.onnx cannot be downloaded: 404');
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

it('while it loads it says how far it is, and nothing once it is ready', () => {
  const clock = new FakeClock();
  const readiness = new Readiness(clock);
  const nothing = { remainingSeconds: null, file: null, error: null };
  expect(readiness.progress).toEqual({ stage: 'waiting', detail: 'starting', elapsedSeconds: 0, ...nothing });
  readiness.launched();
  clock.advance(2_000);
  expect(readiness.progress).toMatchObject({ stage: 'starting', elapsedSeconds: 2 });
  const file = { name: 'net.onnx', number: 1, count: 2, bytes: 10, totalBytes: 100 };
  readiness.report({ stage: 'downloading', detail: 'downloading net.onnx', file, remainingMs: 9_000 });
  clock.advance(4_000);
  expect(readiness.progress).toEqual({
    ...nothing,
    stage: 'downloading',
    detail: 'downloading net.onnx',
    file,
    elapsedSeconds: 6,
    remainingSeconds: 5,
  });
  expect(readiness.detail).toBe('downloading net.onnx, about 5 s left');
  readiness.update(1);
  expect(readiness.progress).toBeUndefined();
});

it('an estimate that has run out is left out', () => {
  const clock = new FakeClock();
  const readiness = new Readiness(clock);
  readiness.report({ stage: 'loading', detail: 'loading on cpu', remainingMs: 1_000 });
  clock.advance(1_001);
  expect([readiness.progress?.remainingSeconds, readiness.detail]).toEqual([null, 'loading on cpu']);
});

it('a failed attempt is its error, also while the next one is under way', () => {
  const readiness = new Readiness(new FakeClock());
  readiness.reportFailure('no memory');
  readiness.launched();
  expect(readiness.progress).toMatchObject({ stage: 'failed', detail: 'no memory', error: 'no memory' });
  readiness.report({ stage: 'loading', detail: 'loading on cpu' });
  expect(readiness.progress).toMatchObject({ stage: 'loading', detail: 'loading on cpu', error: 'no memory' });
});

it('what a load has found out does not hide what it does', () => {
  const readiness = new Readiness(new FakeClock());
  readiness.report({ stage: 'warming-up', detail: 'warming up' });
  readiness.report({ stage: 'warming-up', detail: 'each request runs alone', isFinding: true });
  expect(readiness.detail).toBe('warming up');
});
