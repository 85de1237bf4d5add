import type { Door } from '../../drain/support/doors.ts';

const question = (input: unknown): Buffer => Buffer.from(JSON.stringify({ input }));
const field = (answer: string, name: string): unknown => (JSON.parse(answer) as Record<string, unknown>)[name];

export const crash: Door = {
  name: 'crash, JSON',
  path: '/crash',
  type: 'application/json',
  body: () => question({ how: 'answer' }),
  isRight: (answer) => typeof field(answer, 'pid') === 'number',
};

/** About a millisecond of native work. */
export const loop: Door = {
  ...crash,
  name: 'loop, JSON',
  path: '/loop',
  body: (turn) => question({ turns: 1_000 + turn }),
  isRight: (answer, turn) => field(answer, 'turns') === 1_000 + turn,
};

export const loading: Door = {
  ...crash,
  name: 'loading, JSON',
  path: '/loading',
  body: (turn) => question({ value: turn }),
  isRight: (answer, turn) => field(answer, 'double') === 2 * turn,
};
