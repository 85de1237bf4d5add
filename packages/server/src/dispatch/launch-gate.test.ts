import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LaunchGate, type Urgency } from './launch-gate.ts';
import { FakeClock } from './testing/fake-clock.ts';

/** A gate with one place, and what went through it in order. */
function gateOf(maxLoading: number) {
  const clock = new FakeClock();
  const gate = new LaunchGate(clock, maxLoading);
  const launched: string[] = [];
  const enter = (name: string, urgency: Urgency) => gate.enter(urgency, () => launched.push(name));
  return { clock, gate, launched, enter };
}

it('one replica of each model comes before the second of any, and a restart before both', () => {
  const { launched, enter } = gateOf(1);
  const leaveA = enter('a', 'first');
  enter('b', 'first');
  enter('a again', 'further');
  const leaveRestart = enter('c restarted', 'restart');
  expect(launched).toEqual(['a', 'c restarted']);
  enter('d restarted', 'restart');
  leaveRestart();
  leaveA();
  expect(launched).toEqual(['a', 'c restarted', 'd restarted']);
});

it('a load that takes long lets others begin', () => {
  const { clock, launched, enter } = gateOf(1);
  enter('slow', 'first');
  enter('next', 'first');
  clock.advance(9_999);
  expect(launched).toEqual(['slow']);
  clock.advance(1);
  expect(launched).toEqual(['slow', 'next']);
});

it('nothing is launched once the gate is closed', () => {
  const { gate, launched, enter } = gateOf(1);
  const leave = enter('a', 'first');
  enter('b', 'first');
  gate.close();
  leave();
  enter('c', 'restart');
  expect(launched).toEqual(['a']);
});

const step = fc.oneof(
  fc.record({ enter: fc.constantFrom<Urgency>('restart', 'first', 'further') }),
  fc.record({ leave: fc.nat({ max: 40 }) }),
);

it('whatever comes and goes: never more at once than there are places, none is forgotten, none goes twice', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), fc.array(step, { maxLength: 80 }), (maxLoading, steps) => {
      const gate = new LaunchGate(new FakeClock(), maxLoading);
      const entries: { urgency: Urgency; launches: number; left: boolean; leave: () => void }[] = [];
      const overtaken: object[] = [];
      const loading = (urgent: boolean) =>
        entries.filter((one) => one.launches > 0 && !one.left && (one.urgency === 'restart') === urgent).length;
      const leave = (entry: (typeof entries)[number] | undefined): void => {
        if (entry === undefined) return;
        entry.left = true;
        entry.leave();
      };
      for (const one of steps) {
        if ('leave' in one) {
          leave(entries[one.leave]);
        } else {
          const entry = { urgency: one.enter, launches: 0, left: false, leave: () => {} };
          entries.push(entry);
          entry.leave = gate.enter(one.enter, () => {
            entry.launches += 1;
            // Who came later with the same urgency does not overtake.
            const earlier = entries.slice(0, entries.indexOf(entry));
            overtaken.push(
              ...earlier.filter(({ launches, left, urgency }) => launches === 0 && !left && urgency === entry.urgency),
            );
          });
        }
        expect(overtaken).toEqual([]);
        expect(loading(true)).toBeLessThanOrEqual(maxLoading);
        expect(loading(false)).toBeLessThanOrEqual(maxLoading);
      }
      // Everything that has begun comes to its end, and lets the rest begin.
      for (let round = 0; round <= entries.length; round++) leave(entries.find((one) => one.launches > 0 && !one.left));
      expect(entries.filter((one) => !one.left || one.launches > 1)).toEqual([]);
    }),
  );
});
