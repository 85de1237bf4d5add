import type { Failure } from '@portico/schemas';
import { describe, expect, it } from 'vitest';
import { ByteBudget, type ByteLease } from './byte-budget.ts';
import { FakeClock } from './testing/fake-clock.ts';

const second = 1_000;

/** A body that arrives. */
interface Upload {
  readonly lease: ByteLease;
  readonly lost: readonly Failure[];
  /** Throws where there is no place. */
  arrive(bytes: number): void;
}

function harness(limit: number) {
  const clock = new FakeClock();
  const budget = new ByteBudget(limit, clock);
  const refused: string[] = [];
  const begin = (client: string): Upload => {
    const lease = budget.lease(client, () => refused.push(client));
    const lost: Failure[] = [];
    lease.begin((failure) => lost.push(failure));
    return {
      lease,
      lost,
      arrive: (bytes) => {
        lease.arrived(bytes);
        lease.take(bytes);
      },
    };
  };
  const upload = (client: string, bytes: number): Upload => {
    const one = begin(client);
    one.arrive(bytes);
    return one;
  };
  return { clock, budget, refused, begin, upload };
}

describe('What is held', () => {
  it('is what has arrived, and is given back bit by bit or all at once, as often as one likes', () => {
    const { budget, upload } = harness(1_000);
    const { lease } = upload('a', 300);
    const other = budget.lease('a');
    other.take(100);
    expect(budget.heldBytes).toBe(400);
    lease.giveBack(50);
    expect([lease.heldBytes, budget.heldBytes]).toEqual([250, 350]);
    lease.hold(20);
    expect(budget.heldBytes).toBe(120);
    lease.hold(30);
    expect(budget.heldBytes).toBe(130);
    lease.release();
    lease.release();
    lease.giveBack(100);
    expect(budget.heldBytes).toBe(100);
    lease.take(500);
    expect(budget.heldBytes).toBe(100);
    other.release();
    expect(budget.heldBytes).toBe(0);
  });

  it('is no more than three times what stays free, so that there is a place for others at once', () => {
    const { upload } = harness(1_000);
    const one = upload('a', 400);
    upload('a', 350);
    expect(() => upload('a', 1)).toThrow('The memory for uploads (MAX_INFLIGHT_MB) is full');
    upload('b', 187);
    expect(() => one.arrive(1)).toThrow(expect.objectContaining({ code: 'RATE_LIMITED', retryAfterSeconds: 10 }));
    upload('c', 40);
  });

  it("may be all of the memory for a client's only upload while others hold little", () => {
    const { upload } = harness(1_000);
    upload('a', 100);
    const large = upload('b', 500);
    large.arrive(400);
    expect(() => large.arrive(1)).toThrow('share of the memory');
  });

  it('needs no timer when it is nothing', () => {
    const { clock, upload } = harness(1_000);
    const { lease } = upload('a', 100);
    expect(clock.pending).toBe(1);
    lease.release();
    clock.advance(second);
    expect(clock.pending).toBe(0);
  });
});

describe('A slow body', () => {
  it('is given up when it brings less than 1 KiB a second over 10 s, however it spreads that', () => {
    const { clock, budget, begin } = harness(1_000_000);
    const trickle = begin('a');
    const steady = begin('a');
    for (let passed = 0; passed < 60; passed += 1) {
      if (passed % 8 === 0) trickle.arrive(1);
      steady.arrive(1_100);
      clock.advance(second);
    }
    expect(trickle.lost).toMatchObject([{ code: 'REQUEST_TIMEOUT' }]);
    expect(trickle.lost[0]?.message).toContain('less than 1024 bytes per second over 10 s');
    expect(steady.lost).toEqual([]);
    expect(budget.heldBytes).toBe(66_000);
  });

  it('gives way when memory is short, after a moment of grace, also to one of the same client', () => {
    const { clock, refused, upload } = harness(1_000_000);
    const stopped = upload('a', 700_000);
    expect(() => upload('a', 100_000)).toThrow(expect.objectContaining({ code: 'OVERLOADED' }));
    clock.advance(3 * second);
    const next = upload('a', 700_000);
    expect(stopped.lost).toMatchObject([{ code: 'REQUEST_TIMEOUT' }]);
    expect(stopped.lease.heldBytes).toBe(0);
    expect(next.lost).toEqual([]);
    expect(refused).toEqual(['a', 'a']);
  });

  it('keeps its place while memory lasts, and once it is complete', () => {
    const { clock, upload } = harness(1_000_000);
    const stopped = upload('a', 300_000);
    const complete = upload('a', 400_000);
    complete.lease.complete();
    clock.advance(5 * second);
    upload('b', 200_000);
    expect(stopped.lost).toEqual([]);
    upload('c', 200_000);
    expect(stopped.lost).toHaveLength(1);
    expect(() => upload('d', 400_000)).toThrow('memory for uploads');
    expect(complete.lost).toEqual([]);
  });
});

describe('Clients', () => {
  it('who hold more than an equal share lose an upload to one who does not, however fast they are', () => {
    const { upload } = harness(1_000);
    const greedy = [upload('a', 200), upload('a', 300), upload('a', 250)];
    const modest = upload('b', 200);
    expect(greedy.map(({ lost }) => lost.length)).toEqual([0, 1, 0]);
    expect(greedy[1]?.lost).toMatchObject([{ code: 'RATE_LIMITED' }]);
    modest.arrive(100);
    expect(modest.lost).toEqual([]);
  });

  it('come back when enough is likely to have become free', () => {
    const { clock, upload } = harness(1_000);
    upload('a', 650).lease.complete();
    for (let turn = 0; turn < 40; turn += 1) {
      const { lease } = upload('b', 50);
      lease.release();
      clock.advance(second / 2);
    }
    // 100 bytes a second have become free.
    expect(() => upload('b', 320)).toThrow(expect.objectContaining({ code: 'OVERLOADED', retryAfterSeconds: 4 }));
  });
});
