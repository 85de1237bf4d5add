import { Failure } from '@portico/schemas';
import { expect, it } from 'vitest';
import { type Answer, Work } from './work.ts';

const answer: Answer = { body: new Uint8Array(), times: { queue: 0, decode: 0, inference: 0, postprocess: 0 } };

it('work is answered once: what comes later is dropped, and its payload is let go', () => {
  const results: (Answer | Failure)[] = [];
  let releases = 0;
  const work = new Work({
    id: 1,
    payload: { bytes: new Uint8Array(), mediaType: null, params: {} },
    enqueuedAt: 0,
    settle: (result) => results.push(result),
  });
  work.release = () => (releases += 1);
  expect(work.answered).toBe(false);
  expect(work.answer(answer)).toBe(true);
  expect(work.answer(new Failure('TIMEOUT', 'too late'))).toBe(false);
  expect(results).toEqual([answer]);
  expect(releases).toBe(1);
  expect(work.payload).toBeUndefined();
});
