import { expect, it } from 'vitest';
import { logDispatch } from './log-dispatch.ts';
import { fakeInfo } from './testing/fake-engine.ts';

/** What the log says, with the model's name as GPU monitors know it. */
function logged(name?: string) {
  const lines: string[] = [];
  const log = (level: string) => (_fields: object, text: string) => void lines.push(`${level} ${text}`);
  return { lines, ...logDispatch({ info: log('info'), warn: log('warn') }, () => name) };
}

it('the first replica names the device and why better ones lost, the next ones do not repeat it', () => {
  const { lines, replicaReady } = logged();
  const info = { ...fakeInfo, devicesRefused: [{ device: 'cuda', reason: 'no driver' }] } as const;
  replicaReady('ocr', info, 812.4);
  replicaReady('ocr', info, 300);
  expect(lines).toEqual([
    'info Falling back to CPU: cuda: no driver',
    'info ocr: a replica is ready',
    'info ocr: a replica is ready',
  ]);
});

it('a CUDA device is called by its name', () => {
  const { lines, replicaReady } = logged('NVIDIA H200');
  replicaReady('ocr', { ...fakeInfo, device: 'cuda' }, 1);
  expect(lines[0]).toBe('info Using CUDA device: NVIDIA H200');
});

it('progress and deaths are told when they change, so that a load that keeps failing does not fill the log', () => {
  const { lines, progress, restarted } = logged();
  progress('ocr', 'verifying weights');
  progress('ocr', 'verifying weights');
  for (let death = 0; death < 3; death++) restarted('ocr', 'load-failed', 'wrong checksum');
  restarted('ocr', 'load-failed', 'no memory');
  expect(lines).toEqual([
    'info ocr: verifying weights',
    'warn ocr: a replica was replaced (load-failed): wrong checksum',
    'warn ocr: a replica was replaced (load-failed): no memory',
  ]);
});
