import { expect, it } from 'vitest';
import type { EngineListener, Outcome } from '../dispatch/engine.ts';
import { handleReport } from './engine-process.ts';

/** Handles a report and returns the calls that it led to. */
function callsOf(head: unknown, body: Uint8Array = new Uint8Array()): unknown[] {
  const calls: unknown[] = [];
  const record =
    (name: string) =>
    (...values: unknown[]): void =>
      void calls.push([name, ...values]);
  const listener: EngineListener = {
    onProgress: record('onProgress'),
    onDownloaded: record('onDownloaded'),
    onReady: record('onReady'),
    onLoadFailed: record('onLoadFailed'),
    onBegan: record('onBegan'),
    onItem: record('onItem'),
    onOutcome: record('onOutcome'),
    onFinished: record('onFinished'),
    onMemory: record('onMemory'),
    onDeviceLost: record('onDeviceLost'),
    onExit: record('onExit'),
  };
  const logger = { info: record('info'), warn: record('warn'), error: record('error') };
  handleReport({ head, body }, listener, logger, { model: 'ocr' });
  return calls;
}

const times = { decode: 1, inference: 2, postprocess: 3 };

it('a result is passed on with its bytes untouched', () => {
  const body = Buffer.from('{"lines":[]}');
  const [[, id, outcome] = []] = callsOf({ type: 'result', id: 7, times }, body) as [string, number, Outcome][];
  expect(id).toBe(7);
  expect(outcome).toEqual({ ok: true, bytes: body, times });
  expect(outcome?.ok === true && outcome.bytes).toBe(body);
});

it('a failure keeps its code, its detail and its issues; out of memory it may be worth another try', () => {
  const issues = [{ path: 'input', message: 'too dark' }];
  expect(callsOf({ type: 'failure', id: 7, code: 'BAD_INPUT', detail: 'no image', issues, times })).toMatchObject([
    ['onOutcome', 7, { ok: false, failure: { code: 'BAD_INPUT', message: 'no image', issues }, times }],
  ]);
  expect(callsOf({ type: 'failure', id: 7, code: 'OUT_OF_MEMORY', detail: 'full', times })).toMatchObject([
    ['onOutcome', 7, { failure: { retryAfterSeconds: 1 } }],
  ]);
});

it('the end of a run reports the memory first, so that an engine that is too large gets no more jobs', () => {
  expect(callsOf({ type: 'finished', residentBytes: 5 })).toEqual([['onMemory', 5], ['onFinished']]);
});

it('a line for the log goes there with the model it is about', () => {
  expect(callsOf({ type: 'log', level: 'error', text: 'Boom' })).toEqual([['error', { model: 'ocr' }, 'Boom']]);
});

it.each([null, 5, 'text', {}, { type: 'surprise' }, { type: 'log', level: 'loud', text: 'x' }])(
  'an unknown report throws: %j',
  (head) => {
    expect(() => callsOf(head)).toThrow(Error);
  },
);
