import type { ReadyStatus } from '@portico/sdk';
import { expect, test } from 'vitest';
import type { ServerState } from './connection.tsx';
import { detailOf, healthOf } from './readiness.ts';

const model = (name: string, ready: number, target = 2): ReadyStatus['models'][number] => ({
  kind: 'task',
  name,
  variant: 'small',
  device: 'cpu',
  devicesRefused: [],
  replicas: { ready, target },
});
const detail =
  'Model ocr is not ready: downloading net.onnx: 12.4 MB of 90.9 MB (13 %). Model vad is not ready: warming up.';
const state: ServerState = {
  phase: 'connected',
  error: undefined,
  models: [],
  gpu: undefined,
  ready: {
    status: 'not ready',
    detail,
    models: [
      {
        ...model('ocr', 0),
        progress: {
          stage: 'downloading',
          detail: 'downloading net.onnx: 12.4 MB of 90.9 MB (13 %)',
          elapsedSeconds: 6,
          remainingSeconds: 40,
          file: { name: 'net.onnx', number: 1, count: 1, bytes: 12_400_000, totalBytes: 90_900_000 },
          error: null,
        },
      },
      model('vad', 0),
      model('faces', 1),
    ],
  },
};

test("a server's explanation is taken apart by model", () => {
  expect(detailOf(detail, 'ocr')).toBe('downloading net.onnx: 12.4 MB of 90.9 MB (13 %)');
  expect(detailOf(detail, 'vad')).toBe('warming up');
  expect(detailOf(detail, 'faces')).toBeUndefined();
  expect(detailOf('The server is draining.', 'ocr')).toBeUndefined();
});

test('a model without a replica is waited for, with the progress of a download', () => {
  expect(healthOf(state, 'task', 'ocr')).toMatchObject({ state: 'waiting', progress: 12.4 / 90.9 });
  expect(healthOf(state, 'task', 'vad')).toEqual({ state: 'waiting', detail: 'warming up', progress: undefined });
});

test('a model serves with fewer replicas than it wants', () => {
  expect(healthOf(state, 'task', 'faces')).toEqual({
    state: 'fewer',
    detail: 'replicas 1/2',
    progress: undefined,
  });
});

test('nothing is known of a model whose server is lost, nor of one that is not served', () => {
  expect(healthOf({ ...state, phase: 'lost' }, 'task', 'faces')).toMatchObject({ state: 'unknown' });
  expect(healthOf(state, 'task', 'segment')).toMatchObject({ state: 'unknown' });
});

test('a file that failed to load says why although the server is ready, and each version speaks for itself', () => {
  const file = (variant: string, ready: number) => ({
    ...model('digits', ready, 1),
    kind: 'tensors' as const,
    variant,
  });
  const progress = {
    stage: 'failed' as const,
    detail: 'It is a web page.',
    elapsedSeconds: 1,
    remainingSeconds: null,
    file: null,
  };
  const failed = { ...file('2', 0), progress: { ...progress, error: 'It is a web page.' } } as const;
  const serving: ServerState = { ...state, ready: { status: 'ready', models: [file('1', 1), failed] } };
  expect(healthOf(serving, 'tensors', 'digits', '1')).toMatchObject({ state: 'ready' });
  expect(healthOf(serving, 'tensors', 'digits', '2')).toEqual({
    state: 'failed',
    detail: 'failed to load',
    progress: undefined,
    problem: 'It is a web page.',
  });
});
