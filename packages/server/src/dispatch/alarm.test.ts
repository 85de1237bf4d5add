import { expect, it } from 'vitest';
import { Alarm, Deadlines } from './alarm.ts';
import { FakeClock } from './testing/fake-clock.ts';

it('an alarm that moves later is due then, with the timer that it has', () => {
  const clock = new FakeClock();
  const due: number[] = [];
  const alarm = new Alarm(clock, () => due.push(clock.now()));
  for (let at = 100; at <= 1_000; at += 100) alarm.set(at);
  expect(clock.pending).toBe(1);
  clock.advance(999);
  expect(due).toEqual([]);
  clock.advance(1);
  expect(due).toEqual([1_000]);
  expect(clock.pending).toBe(0);
});

it('an alarm that moves earlier is due then', () => {
  const clock = new FakeClock();
  const due: number[] = [];
  const alarm = new Alarm(clock, () => due.push(clock.now()));
  alarm.set(1_000);
  alarm.set(10);
  clock.advance(5_000);
  expect(due).toEqual([10]);
});

it('an alarm that is cleared leaves no timer', () => {
  const clock = new FakeClock();
  const alarm = new Alarm(clock, () => expect.unreachable());
  alarm.set(10);
  alarm.clear();
  expect(clock.pending).toBe(0);
  clock.advance(20);
});

/** Deadlines, and a record of what expired when. */
function expiring() {
  const clock = new FakeClock();
  const deadlines = new Deadlines(clock);
  const expired: string[] = [];
  const add = (name: string, deadline: number) => {
    const one = {
      deadline,
      expire: () => {
        expired.push(`${name} at ${clock.now()}`);
        deadlines.delete(one);
      },
    };
    deadlines.add(one);
    return one;
  };
  return { clock, deadlines, expired, add };
}

it('each expires at its own deadline, in whatever order they were added, with one timer', () => {
  const { clock, expired, add } = expiring();
  for (const [name, deadline] of [
    ['c', 300],
    ['a', 100],
    ['b', 200],
    ['a too', 100],
  ] as const)
    add(name, deadline);
  expect(clock.pending).toBe(1);
  clock.advance(1_000);
  expect(expired).toEqual(['a at 100', 'a too at 100', 'b at 200', 'c at 300']);
  expect(clock.pending).toBe(0);
});

it('what has ended does not expire, and what made progress expires later', () => {
  const { clock, deadlines, expired, add } = expiring();
  deadlines.delete(add('over', 100));
  expect(clock.pending).toBe(0);
  const slow = add('slow', 100);
  add('other', 150);
  slow.deadline = 400;
  clock.advance(1_000);
  expect(expired).toEqual(['other at 150', 'slow at 400']);
});
