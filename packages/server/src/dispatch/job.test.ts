import { getEventListeners } from 'node:events';
import { Failure } from '@portico/schemas';
import { expect, it } from 'vitest';
import { type Attempt, Job, type JobTrace } from './job.ts';
import { Shares } from './shares.ts';
import { Deadlines } from './alarm.ts';
import { FakeClock } from './testing/fake-clock.ts';
import { Harness } from './testing/harness.ts';
import { echo } from './testing/fake-engine.ts';

const output = { bytes: new Uint8Array(), times: { decode: 0, inference: 0, postprocess: 0 } };

it('a job is settled once: what comes later is dropped, and its input, its deadline and its signal are released', async () => {
  const clock = new FakeClock();
  const { signal } = new AbortController();
  const job = new Job({
    id: 1,
    model: 'test',
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

/** What a trace has recorded. */
function recordingTrace(): JobTrace & { readonly attempts: Attempt[] } {
  const attempts: Attempt[] = [];
  return { attempts, attempt: (attempt) => void attempts.push(attempt) };
}

it('a trace records when its job waited and ran, in which phases, and with which others', async () => {
  const harness = new Harness({ info: { maxBatchSize: 2 } });
  harness.dispatcher.start();
  harness.readyAll();
  const [first, second, third] = [recordingTrace(), recordingTrace(), recordingTrace()];
  void harness.submit('first', { trace: first });
  void harness.submit('second', { trace: second });
  void harness.submit('third', { trace: third });
  harness.clock.advance(5);
  harness.engines.last.finish(echo);
  harness.clock.advance(7);
  harness.engines.last.finish(echo);
  const times = { decode: 1, inference: 2, postprocess: 3 };
  const about = { model: 'test', pendingAt: 0, times, failure: undefined, items: 0 };
  expect(first.attempts).toEqual([{ ...about, startedAt: 0, endedAt: 5, batchSize: 1, companions: [first] }]);
  const joined = { ...about, startedAt: 5, endedAt: 12, batchSize: 2, companions: [second, third] };
  expect([second.attempts, third.attempts]).toEqual([[joined], [joined]]);
});

it('a trace records the run in which its engine exited, and the next', async () => {
  const harness = new Harness();
  harness.dispatcher.start();
  harness.readyAll();
  const trace = recordingTrace();
  void harness.submit('unlucky', { trace });
  harness.clock.advance(5);
  harness.engines.last.exit('ended by SIGSEGV');
  harness.clock.advance(2);
  harness.readyAll();
  harness.clock.advance(3);
  harness.engines.last.finish(echo);
  expect(trace.attempts).toMatchObject([
    { pendingAt: 0, startedAt: 0, endedAt: 5, failure: { code: 'ENGINE_CRASHED' }, times: undefined },
    { pendingAt: 5, startedAt: 7, endedAt: 10, failure: undefined, times: { inference: 2 } },
  ]);
});

it('a trace records why its job never ran', async () => {
  const harness = new Harness();
  harness.dispatcher.start();
  harness.readyAll();
  const trace = recordingTrace();
  void harness.submit('long');
  void harness.submit('waits', { trace, timeoutMs: 5_000 });
  harness.clock.advance(5_000);
  expect(trace.attempts).toMatchObject([
    { pendingAt: 0, startedAt: undefined, endedAt: 5_000, failure: { code: 'TIMEOUT' }, companions: [] },
  ]);
});
