import fc from 'fast-check';

/** What an input does to the engine that runs it. */
export type Kind = 'healthy' | 'poison' | 'hang';

/** One thing that happens, in whatever order. */
export type Step =
  | { readonly type: 'arrive'; readonly kind: Kind; readonly deadline: number }
  | { readonly type: 'leave'; readonly request: number }
  | { readonly type: 'advance'; readonly milliseconds: number }
  | { readonly type: 'deliver'; readonly wire: number }
  | { readonly type: 'work'; readonly engine: number }
  | { readonly type: 'swell'; readonly engine: number; readonly bytes: number }
  | { readonly type: 'kill'; readonly engine: number };

export interface Scenario {
  readonly replicas: number;
  readonly maxBatch: number;
  readonly maxQueue: number;
  readonly warm: boolean;
  readonly steps: readonly Step[];
}

const index = fc.nat({ max: 30 });
const arrive = (...kinds: Kind[]) =>
  fc.record({
    type: fc.constant('arrive' as const),
    kind: fc.constantFrom(...kinds),
    deadline: fc.constantFrom(50, 500, 5_000, 60_000),
  });
const leave = fc.record({ type: fc.constant('leave' as const), request: index });
const advance = fc.record({ type: fc.constant('advance' as const), milliseconds: fc.constantFrom(1, 40, 900, 11_000) });
const deliver = fc.record({ type: fc.constant('deliver' as const), wire: index });
const work = fc.record({ type: fc.constant('work' as const), engine: index });
const swell = fc.record({
  type: fc.constant('swell' as const),
  engine: index,
  bytes: fc.constantFrom(500, 900, 1_100),
});
const kill = fc.record({ type: fc.constant('kill' as const), engine: index });

const scenario = (step: fc.Arbitrary<Step>): fc.Arbitrary<Scenario> =>
  fc.record({
    replicas: fc.integer({ min: 1, max: 3 }),
    maxBatch: fc.constantFrom(1, 2, 5),
    maxQueue: fc.constantFrom(2, 8, 64),
    /** The replicas were ready before the first step. */
    warm: fc.constantFrom(true, true, true, false),
    steps: fc.array(step, { minLength: 30, maxLength: 150, size: 'max' }),
  });

/** Everything that can happen, engines killed from outside included. */
export const anyScenario = scenario(
  fc.oneof(
    { weight: 4, arbitrary: arrive('healthy', 'healthy', 'healthy', 'poison', 'hang') },
    { weight: 1, arbitrary: leave },
    { weight: 2, arbitrary: advance },
    { weight: 6, arbitrary: deliver },
    { weight: 4, arbitrary: work },
    { weight: 1, arbitrary: swell },
    { weight: 1, arbitrary: kill },
  ),
);

/** Only inputs do harm: every engine's death is some input's fault. */
export const poisonScenario = scenario(
  fc.oneof(
    { weight: 4, arbitrary: arrive('healthy', 'healthy', 'poison') },
    { weight: 1, arbitrary: leave },
    { weight: 6, arbitrary: deliver },
    { weight: 4, arbitrary: work },
  ),
);
