import { expect, it } from 'vitest';
import type { EngineListener, Outcome } from '../dispatch/engine.ts';
import { deliver } from './report-reader.ts';

/** Delivers a report and tells what was heard of it. */
function heard(head: unknown, body: Uint8Array = new Uint8Array()): unknown[] {
  const calls: unknown[] = [];
  const hear =
    (name: string) =>
    (...values: unknown[]): void =>
      void calls.push([name, ...values]);
  const listener: EngineListener = {
    progress: hear('progress'),
    ready: hear('ready'),
    loadFailed: hear('loadFailed'),
    began: hear('began'),
    item: hear('item'),
    outcome: hear('outcome'),
    finished: hear('finished'),
    memory: hear('memory'),
    exited: hear('exited'),
  };
  const logger = { info: hear('info'), warn: hear('warn'), error: hear('error') };
  deliver({ head, body }, listener, logger, { model: 'ocr' });
  return calls;
}

const times = { decode: 1, inference: 2, postprocess: 3 };

it('a result is handed on with its bytes untouched', () => {
  const body = Buffer.from('{"lines":[]}');
  const [[, id, outcome] = []] = heard({ type: 'result', id: 7, times }, body) as [string, number, Outcome][];
  expect(id).toBe(7);
  expect(outcome).toEqual({ ok: true, body, times });
  expect(outcome?.ok === true && outcome.body).toBe(body);
});

it('a failure keeps its code, its words and its issues; out of memory it may be worth another try', () => {
  const issues = [{ path: 'input', message: 'too dark' }];
  expect(heard({ type: 'failure', id: 7, code: 'BAD_INPUT', detail: 'no image', issues, times })).toMatchObject([
    ['outcome', 7, { ok: false, failure: { code: 'BAD_INPUT', message: 'no image', issues }, times }],
  ]);
  expect(heard({ type: 'failure', id: 7, code: 'OUT_OF_MEMORY', detail: 'full', times })).toMatchObject([
    ['outcome', 7, { failure: { retryAfterSeconds: 1 } }],
  ]);
});

it('the end of a run tells the memory first, so that an engine that is too large gets no more work', () => {
  expect(heard({ type: 'finished', residentBytes: 5 })).toEqual([['memory', 5], ['finished']]);
});

it('a line for the log goes there with the model it is about', () => {
  expect(heard({ type: 'log', level: 'error', text: 'Boom' })).toEqual([['error', { model: 'ocr' }, 'Boom']]);
});

it.each([null, 5, 'text', {}, { type: 'surprise' }, { type: 'log', level: 'loud', text: 'x' }])(
  'a report that nobody knows is refused: %j',
  (head) => {
    expect(() => heard(head)).toThrow(Error);
  },
);
