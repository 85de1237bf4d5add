import { getEventListeners } from 'node:events';
import { Failure } from '@portico/schemas';
import { expect, it } from 'vitest';
import { Job } from './job.ts';
import { Shares } from './shares.ts';
import { Deadlines } from './alarm.ts';
import { FakeClock } from './testing/fake-clock.ts';

const output = { bytes: new Uint8Array(), times: { decode: 0, inference: 0, postprocess: 0 } };

it('a job is settled once: what comes later is dropped, and its input, its deadline and its signal are released', async () => {
  const clock = new FakeClock();
  const { signal } = new AbortController();
  const job = new Job({
    id: 1,
    input: { bytes: new Uint8Array(), mediaType: null, params: {} },
    options: { timeoutMs: 1, signal },
    share: new Shares().of('someone'),
    deadlines: new Deadlines(clock),
    onCancelled: () => expect.unreachable(),
  });
  expect(job.settled).toBe(false);
  job.resolve(output);
  job.reject(new Failure('TIMEOUT', 'too late'));
  clock.advance(1);
  expect(await job.result).toEqual({ bytes: output.bytes, times: { queue: 0, ...output.times } });
  expect(job.settled).toBe(true);
  expect(job.input).toBeUndefined();
  expect(clock.pending).toBe(0);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});
