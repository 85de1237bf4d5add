import { describe, expect, it } from 'vitest';
import { Backlog } from './backlog.ts';
import { Work } from './work.ts';

const payload = { bytes: new Uint8Array(), mediaType: null, params: {} };
const work = (id: number): Work => new Work({ id, payload, enqueuedAt: 0, settle: () => {} });

const suspect = (id: number): Work => Object.assign(work(id), { suspect: true });
const ids = (works: readonly Work[]): number[] => works.map(({ id }) => id);

/** A backlog in which these wait. */
function backlog(...works: Work[]): Backlog {
  const backlog = new Backlog();
  backlog.putBack(works);
  return backlog;
}

describe('healthy work', () => {
  it('goes in the order in which it came, up to the limit', () => {
    const waiting = backlog(work(1), work(2), work(3));
    expect(ids(waiting.takeForFree(2))).toEqual([1, 2]);
    expect(ids(waiting.takeAhead(2))).toEqual([3]);
    expect(waiting.size).toBe(0);
  });

  it('that comes back goes before what came after it', () => {
    const waiting = backlog(work(3), work(4));
    waiting.putBack([work(2), work(1)]);
    expect(ids(waiting.takeForFree(9))).toEqual([1, 2, 3, 4]);
  });

  it('that was answered meanwhile does not come back', () => {
    const answered = work(1);
    answered.answer({ body: new Uint8Array(), times: { queue: 0, decode: 0, inference: 0, postprocess: 0 } });
    expect(backlog(answered, work(2)).size).toBe(1);
  });

  it('can be taken out', () => {
    const leaving = work(1);
    const waiting = backlog(leaving, work(2));
    expect(waiting.remove(leaving)).toBe(true);
    expect(waiting.remove(leaving)).toBe(false);
    expect(ids(waiting.takeForFree(9))).toEqual([2]);
  });
});

describe('a suspect', () => {
  it('runs alone, on a free replica only', () => {
    const waiting = backlog(suspect(1), suspect(2), work(3));
    expect(ids(waiting.takeAhead(1))).toEqual([3]);
    expect(ids(waiting.takeForFree(9))).toEqual([1]);
  });

  it('waits until the one before it has left its engine', () => {
    const first = suspect(1);
    const waiting = backlog(first, suspect(2));
    expect(ids(waiting.takeForFree(9))).toEqual([1]);
    expect(ids(waiting.takeForFree(9))).toEqual([]);
    waiting.left([first]);
    expect(ids(waiting.takeForFree(9))).toEqual([2]);
  });

  it('waits behind healthy work that came before it', () => {
    const waiting = backlog(work(1), suspect(2));
    expect(ids(waiting.takeForFree(1))).toEqual([1]);
    expect(ids(waiting.takeForFree(1))).toEqual([2]);
  });

  it('is followed by healthy work before the next, whatever came first', () => {
    const first = suspect(1);
    const waiting = backlog(first, suspect(2), work(3), work(4));
    expect(ids(waiting.takeForFree(1))).toEqual([1]);
    waiting.left([first]);
    expect(ids(waiting.takeForFree(1))).toEqual([3]);
    expect(ids(waiting.takeForFree(1))).toEqual([2]);
  });
});
