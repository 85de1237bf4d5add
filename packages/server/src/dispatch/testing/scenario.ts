import fc from 'fast-check';

/** What an input does to the engine that runs it. */
export type Kind = 'healthy' | 'bad' | 'poison' | 'hang';

/** One thing that happens, in whatever order. */
export type Step =
  | { readonly type: 'arrive'; readonly client: string; readonly kind: Kind; readonly timeoutMs: number }
  | { readonly type: 'leave'; readonly request: number }
  | { readonly type: 'advance'; readonly milliseconds: number }
  | { readonly type: 'deliver'; readonly wire: number }
  | { readonly type: 'proceed'; readonly engine: number }
  | { readonly type: 'emit'; readonly engine: number }
  | { readonly type: 'swell'; readonly engine: number; readonly bytes: number }
  | { readonly type: 'kill'; readonly engine: number }
  | { readonly type: 'stop'; readonly engine: number; readonly when: 'now' | 'outcomes sent' | 'run over' }
  | { readonly type: 'resume'; readonly engine: number }
  | { readonly type: 'reap'; readonly engine: number }
  | { readonly type: 'fail to load'; readonly engine: number }
  | { readonly type: 'reload' };

export interface Scenario {
  readonly replicas: number;
  readonly maxBatchSize: number;
  /** Inputs are so large that an engine begins with no more of what it was sent. */
  readonly maxFitting: number;
  /** Where runs are short, more than one run's worth is sent ahead. */
  readonly warmUpMs: number;
  readonly maxQueue: number;
  readonly warm: boolean;
  /** A kill takes effect at once; otherwise an engine goes on until it is reaped. */
  readonly exitsAtOnce: boolean;
  readonly steps: readonly Step[];
}

/** A timeout that is out of reach. */
export const patientMs = 3_600_000;

const index = fc.nat({ max: 30 });
const timeouts = [50, 500, 5_000, 60_000];
const arrive = (max: number, ...kinds: Kind[]) =>
  fc.record({
    type: fc.constant('arrive' as const),
    // The first has most of the traffic.
    client: fc.constantFrom('greedy', 'greedy', 'greedy', 'second', 'third'),
    kind: fc.constantFrom(...kinds),
    timeoutMs: fc.constantFrom(...timeouts, max),
  });
const leave = fc.record({ type: fc.constant('leave' as const), request: index });
const advance = fc.record({ type: fc.constant('advance' as const), milliseconds: fc.constantFrom(1, 40, 900, 11_000) });
const deliver = fc.record({ type: fc.constant('deliver' as const), wire: index });
const proceed = fc.record({ type: fc.constant('proceed' as const), engine: index });
const emit = fc.record({ type: fc.constant('emit' as const), engine: index });
const swell = fc.record({
  type: fc.constant('swell' as const),
  engine: index,
  bytes: fc.constantFrom(500, 900, 1_100),
});
const kill = fc.record({ type: fc.constant('kill' as const), engine: index });
const stop = fc.record({
  type: fc.constant('stop' as const),
  engine: index,
  when: fc.constantFrom('now' as const, 'outcomes sent' as const, 'run over' as const),
});
const resume = fc.record({ type: fc.constant('resume' as const), engine: index });
const reap = fc.record({ type: fc.constant('reap' as const), engine: index });
const failToLoad = fc.record({ type: fc.constant('fail to load' as const), engine: index });

const reload = fc.constant({ type: 'reload' as const });

const scenario = (step: fc.Arbitrary<Step>): fc.Arbitrary<Scenario> =>
  fc.record({
    replicas: fc.integer({ min: 1, max: 3 }),
    maxBatchSize: fc.constantFrom(1, 2, 5),
    maxFitting: fc.constantFrom(Infinity, 1, 2),
    warmUpMs: fc.constantFrom(10, 0.1),
    maxQueue: fc.constantFrom(2, 8, 64),
    /** The replicas were ready before the first step. */
    warm: fc.constantFrom(true, true, true, false),
    exitsAtOnce: fc.boolean(),
    steps: fc.array(step, { minLength: 30, maxLength: 150, size: 'max' }),
  });

/** Everything that can happen, engines killed from outside included. */
export const anyScenario = scenario(
  fc.oneof(
    { weight: 4, arbitrary: arrive(60_000, 'healthy', 'healthy', 'healthy', 'bad', 'poison', 'hang') },
    { weight: 1, arbitrary: leave },
    { weight: 2, arbitrary: advance },
    { weight: 6, arbitrary: deliver },
    { weight: 4, arbitrary: proceed },
    { weight: 4, arbitrary: emit },
    { weight: 1, arbitrary: swell },
    { weight: 1, arbitrary: kill },
    { weight: 1, arbitrary: stop },
    { weight: 1, arbitrary: resume },
    { weight: 1, arbitrary: reap },
    { weight: 1, arbitrary: failToLoad },
    { weight: 1, arbitrary: reload },
  ),
);

/** Only inputs do harm: every crash of an engine is some input's fault. */
export const poisonScenario = scenario(
  fc.oneof(
    { weight: 4, arbitrary: arrive(patientMs, 'healthy', 'healthy', 'bad', 'poison') },
    { weight: 1, arbitrary: leave },
    { weight: 6, arbitrary: deliver },
    { weight: 4, arbitrary: proceed },
  ),
);
