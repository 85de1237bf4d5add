import { expect, it } from 'vitest';
import type { LoadReport } from '../inference.ts';
import { logDispatch } from './dispatch-log.ts';
import { FakeClock } from './testing/fake-clock.ts';
import { fakeDescription } from './testing/fake-engine.ts';

/** The lines of the log, and the GPU's name as its monitor knows it. */
function logged(name?: string, hasGpu = false) {
  const lines: string[] = [];
  const fields: object[] = [];
  const clock = new FakeClock();
  const log = (level: string) => (more: object, text: string) => {
    lines.push(`${level} ${text}`);
    fields.push(more);
  };
  const logger = { info: log('info'), warn: log('warn') };
  return { lines, fields, clock, ...logDispatch({ logger, clock, deviceName: () => name, hasGpu: () => hasGpu }) };
}

it('the first replica names the device and why better ones lost, the next ones do not repeat it', () => {
  const { lines, replicaReady } = logged();
  const description = { ...fakeDescription, devicesRefused: [{ device: 'cuda', reason: 'no driver' }] } as const;
  replicaReady('ocr', description, 812.4);
  replicaReady('ocr', description, 300);
  expect(lines).toEqual([
    'info Falling back to CPU: cuda: no driver',
    'info ocr: a replica is ready',
    'info ocr: a replica is ready',
  ]);
});

it('a GPU that is not used is a warning, unless the CPU was chosen', () => {
  const { lines, replicaReady } = logged(undefined, true);
  replicaReady('ocr', { ...fakeDescription, devicesRefused: [{ device: 'cuda', reason: 'no cuDNN 9' }] }, 1);
  replicaReady('vad', fakeDescription, 1);
  expect([lines[0], lines[2]]).toEqual(['warn Falling back to CPU: cuda: no cuDNN 9', 'info Falling back to CPU']);
});

it('a CUDA device is called by its name', () => {
  const { lines, replicaReady } = logged('NVIDIA H200');
  replicaReady('ocr', { ...fakeDescription, device: 'cuda' }, 1);
  expect(lines[0]).toBe('info Using CUDA device: NVIDIA H200');
});

it('stages and restarts are logged when they change, so that a load that keeps failing does not fill the log', () => {
  const { lines, clock, progress, restarted } = logged();
  progress('ocr', { stage: 'verifying', detail: 'verifying weights' });
  progress('ocr', { stage: 'verifying', detail: 'verifying weights' });
  clock.advance(1_000);
  for (let restart = 0; restart < 3; restart++) restarted('ocr', 'load-failed', 'wrong checksum');
  restarted('ocr', 'load-failed', 'no memory');
  expect(lines).toEqual([
    'info ocr: verifying weights',
    'warn ocr: a replica did not load (load-failed): wrong checksum',
    'warn ocr: a replica did not load (load-failed): no memory',
  ]);
});

const mebibyte = 1024 * 1024;

/** A download that is so far. */
const downloading = (mebibytes: number, remainingMs?: number): LoadReport => ({
  stage: 'downloading',
  detail: `downloading net.onnx: ${mebibytes} of 100`,
  file: { name: 'net.onnx', number: 1, count: 2, bytes: mebibytes * mebibyte, totalBytes: 100 * mebibyte },
  remainingMs,
});

it('a download is logged at each tenth or every ten seconds, with bytes and an estimate for programs', () => {
  const { lines, fields, clock, progress } = logged();
  progress('ocr', downloading(0));
  for (const mebibytes of [2, 4, 6, 8, 10]) {
    clock.advance(1_000);
    progress('ocr', downloading(mebibytes, 45_000));
  }
  clock.advance(10_000);
  progress('ocr', downloading(11, 3_600_000));
  expect(lines).toEqual([
    'info ocr: downloading net.onnx: 0 of 100',
    'info ocr: downloading net.onnx: 10 of 100, about 45 s left',
    'info ocr: downloading net.onnx: 11 of 100, about 60 min left',
  ]);
  const bytes = { model: 'ocr', stage: 'downloading', file: 'net.onnx', totalBytes: 100 * mebibyte };
  expect(fields[1]).toEqual({ ...bytes, bytes: 10 * mebibyte, remainingSeconds: 45 });
});

it('a stage that reports nothing for long is logged until it ends', () => {
  const { lines, clock, progress, replicaReady } = logged();
  progress('ocr', { stage: 'loading', detail: 'loading on cuda', remainingMs: 50_000 });
  clock.advance(60_000);
  replicaReady('ocr', fakeDescription, 61_000);
  clock.advance(60_000);
  expect(lines.slice(0, -2)).toEqual([
    'info ocr: loading on cuda, about 49 s left',
    'info ocr: loading on cuda for 30 s, about 20 s left',
    'info ocr: loading on cuda for 60 s',
  ]);
  expect(clock.pending).toBe(0);
});

it('a brief stage gets no line, and what a load has found out always has one', () => {
  const { lines, clock, progress, replicaReady } = logged();
  progress('net', { stage: 'verifying', detail: 'verifying weights' });
  for (let attempt = 0; attempt < 3; attempt += 1)
    progress('net', { stage: 'verifying', detail: 'model has sha256 1234', isFinding: true });
  clock.advance(900);
  progress('net', { stage: 'loading', detail: 'loading on cpu' });
  clock.advance(1_100);
  progress('net', { stage: 'warming-up', detail: 'warming up' });
  clock.advance(100);
  replicaReady('net', fakeDescription, 2_100);
  clock.advance(60_000);
  expect(lines).toEqual([
    'info net: model has sha256 1234',
    'info net: loading on cpu',
    'info Falling back to CPU',
    'info net: a replica is ready',
  ]);
});

it('models on one device share a line about it, and one that changes its device has its own', () => {
  const { lines, replicaReady } = logged('H200');
  const onGpu = { ...fakeDescription, device: 'cuda' } as const;
  replicaReady('one', onGpu, 1);
  replicaReady('two', fakeDescription, 1);
  replicaReady('three', onGpu, 1);
  replicaReady('three', fakeDescription, 1);
  expect(lines.filter((line) => !line.endsWith('is ready'))).toEqual([
    'info Using CUDA device: H200',
    'info Falling back to CPU: H200',
    'info Falling back to CPU: H200',
  ]);
});
