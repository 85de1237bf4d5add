import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { WriteProgress } from './write-progress.ts';

/** How long a response has been standing still at the end, looked at every second while its client takes so much. */
function stalledAfter(seconds: number, takenBytes: (second: number) => number, hasHandle = true): number {
  const total = 10_000_000;
  let taken = 0;
  const socket = {
    get writableLength() {
      return total - taken;
    },
    bytesWritten: total,
    get _handle() {
      return hasHandle ? { bytesWritten: total, writeQueueSize: total - taken } : undefined;
    },
  };
  const progress = new WriteProgress(socket as unknown as Socket);
  for (let second = 0; second <= seconds; second += 1) {
    taken += takenBytes(second);
    progress.look(second * 1_000);
  }
  return progress.stalledMs(seconds * 1_000);
}

describe.each([true, false])('A response, with a handle: %s', (hasHandle) => {
  it('that is not read stands still', () => {
    expect(stalledAfter(60, () => 0, hasHandle)).toBe(60_000);
  });

  it('of which a byte is read now and then stands still as well', () => {
    expect(stalledAfter(60, () => 500, hasHandle)).toBe(60_000);
  });

  it('that is read slowly does not, in large steps neither', () => {
    expect(stalledAfter(60, () => 2_000, hasHandle)).toBe(0);
    expect(stalledAfter(65, (second) => (second % 20 === 0 ? 100_000 : 0), hasHandle)).toBe(5_000);
  });

  it('that has been taken does not', () => {
    expect(stalledAfter(60, () => 10_000_000 / 61, hasHandle)).toBe(0);
  });
});
