import { describe, expect, it } from 'vitest';
import { Job } from './job.ts';
import { Losses } from './losses.ts';
import { Queue } from './queue.ts';
import { Shares } from './shares.ts';
import { Deadlines } from './alarm.ts';
import { FakeClock } from './testing/fake-clock.ts';

const input = { bytes: new Uint8Array(), mediaType: null, params: {} };
const deadlines = new Deadlines(new FakeClock());
const shares = new Shares();
const healthy = (id: number, client = 'someone'): Job =>
  new Job({
    id,
    model: 'test',
    input,
    options: { timeoutMs: 1 },
    share: shares.of(client),
    deadlines,
    onCancelled: () => {},
  });

const suspect = (id: number): Job => Object.assign(healthy(id), { suspect: true });
const ids = (jobs: readonly Job[]): number[] => jobs.map(({ id }) => id);

/** A queue in which these are pending. */
function queueOf(...jobs: Job[]): Queue {
  const queue = new Queue(
    new Losses(
      () => 0,
      () => 0,
    ),
  );
  queue.putBack(jobs);
  return queue;
}

describe('a healthy job', () => {
  it('is taken in the order in which it was accepted, up to the limit', () => {
    const queue = queueOf(healthy(1), healthy(2), healthy(3));
    expect(ids(queue.takeForFree(2, true, 10))).toEqual([1, 2]);
    expect(ids(queue.takeAhead(2, 10))).toEqual([3]);
    expect(queue.size).toBe(0);
  });

  it('that comes back is taken before those accepted later', () => {
    const queue = queueOf(healthy(3), healthy(4));
    queue.putBack([healthy(2), healthy(1)]);
    expect(ids(queue.takeForFree(9, true, 10))).toEqual([1, 2, 3, 4]);
  });

  it('that was settled meanwhile does not come back', () => {
    const settled = healthy(1);
    settled.resolve({ bytes: new Uint8Array(), times: { decode: 0, inference: 0, postprocess: 0 } });
    expect(queueOf(settled, healthy(2)).size).toBe(1);
  });

  it('can be removed', () => {
    const leaving = healthy(1);
    const queue = queueOf(leaving, healthy(2));
    expect(queue.remove(leaving)).toBe(true);
    expect(queue.remove(leaving)).toBe(false);
    expect(ids(queue.takeForFree(9, true, 10))).toEqual([2]);
  });
});

describe('a suspect', () => {
  it('runs alone, on a free replica only', () => {
    const queue = queueOf(suspect(1), suspect(2), healthy(3));
    expect(ids(queue.takeAhead(1, 10))).toEqual([3]);
    expect(ids(queue.takeForFree(9, true, 10))).toEqual([1]);
  });

  it('is pending while another is in an engine', () => {
    const queue = queueOf(suspect(1), suspect(2));
    expect(ids(queue.takeForFree(9, true, 10))).toEqual([1]);
    expect(ids(queue.takeForFree(9, false, 10))).toEqual([]);
    expect(ids(queue.takeForFree(9, true, 10))).toEqual([2]);
  });

  it('is taken after healthy jobs that were accepted before it', () => {
    const queue = queueOf(healthy(1), suspect(2));
    expect(ids(queue.takeForFree(1, true, 10))).toEqual([1]);
    expect(ids(queue.takeForFree(1, true, 10))).toEqual([2]);
  });

  it('is followed by a healthy job before the next, whichever was accepted first', () => {
    const queue = queueOf(suspect(1), suspect(2), healthy(3), healthy(4));
    expect(ids(queue.takeForFree(1, true, 10))).toEqual([1]);
    expect(ids(queue.takeForFree(1, true, 10))).toEqual([3]);
    expect(ids(queue.takeForFree(1, true, 10))).toEqual([2]);
  });
});
