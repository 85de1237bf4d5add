import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EngineInput } from '../inference.ts';
import type { FakeEngine } from './testing/fake-engine.ts';
import { Harness, settle } from './testing/harness.ts';

const numRuns = Number(process.env['PROPERTY_RUNS'] ?? 150);
const maxCostMs = 50;

/** A request by its client, when it comes, and the engine time that it takes. */
interface Request {
  readonly client: string;
  readonly atMs: number;
  readonly costMs: number;
}

interface Model {
  readonly replicas: number;
  readonly maxBatchSize: number;
  readonly maxQueue: number;
}

const models = fc.record({
  replicas: fc.integer({ min: 1, max: 3 }),
  maxBatchSize: fc.constantFrom(1, 2, 5),
  maxQueue: fc.constantFrom(8, 64),
});
const cost = fc.integer({ min: 1, max: maxCostMs });
const greedyClients = fc.integer({ min: 1, max: 4 });

const textOf = ({ bytes }: EngineInput): string => Buffer.from(bytes).toString();
const costOf = (input: EngineInput): number => Number(textOf(input).split(' ')[1]);
const clientOf = (input: EngineInput): string => textOf(input).split(' ')[0] ?? '';
const costOfRun = ({ running }: FakeEngine): number => running.reduce((sum, input) => sum + costOf(input), 0);

/** Serves requests in simulated time: a run takes what its inputs take. `watch` is called after everything that happens. */
class Simulation {
  readonly harness: Harness;
  readonly servedMs = new Map<string, number>();
  readonly endings = new Map<string, string[]>();
  /** When an engine began with an input. */
  readonly begunAt = new Map<string, number>();
  readonly #runs = new Map<FakeEngine, { readonly inputs: readonly EngineInput[]; readonly startedAt: number }>();

  constructor({ replicas, maxQueue, maxBatchSize }: Model) {
    this.harness = Harness.ready({ replicas, maxQueue, info: { maxBatchSize, warmUpMs: maxCostMs / 2 } });
  }

  async serve(requests: readonly Request[], watch: () => void = () => {}): Promise<void> {
    const { clock, engines } = this.harness;
    const arrivals = requests
      .map((request, index) => ({ ...request, index }))
      .sort((one, other) => one.atMs - other.atMs);
    for (;;) {
      for (; (arrivals[0]?.atMs ?? Infinity) <= clock.now(); arrivals.shift()) this.#submit(arrivals[0]);
      this.#noteRuns();
      watch();
      const ends = engines.alive.flatMap((engine) => {
        const run = this.#runs.get(engine);
        return run === undefined ? [] : [{ engine, at: run.startedAt + costOfRun(engine) }];
      });
      const [next] = ends.sort((one, other) => one.at - other.at);
      const at = Math.min(next?.at ?? Infinity, arrivals[0]?.atMs ?? Infinity);
      if (at === Infinity) break;
      clock.advance(at - clock.now());
      if (next?.at === at) this.#finish(next.engine);
    }
    await settle();
  }

  #submit(arrival: (Request & { readonly index: number }) | undefined): void {
    if (arrival === undefined) return;
    const { client, costMs, index } = arrival;
    const text = `${client} ${costMs} ${index}`;
    this.endings.set(text, []);
    void this.harness
      .submit(text, { client, timeoutMs: 3_600_000 })
      .then((ending) => this.endings.get(text)?.push(ending));
  }

  #finish(engine: FakeEngine): void {
    const inputs = engine.running;
    const eachMs = costOfRun(engine) / inputs.length;
    for (const input of inputs) this.servedMs.set(clientOf(input), (this.servedMs.get(clientOf(input)) ?? 0) + eachMs);
    this.#runs.delete(engine);
    engine.finish();
  }

  #noteRuns(): void {
    for (const engine of this.harness.engines.alive) {
      if (engine.running.length === 0 || this.#runs.get(engine)?.inputs === engine.running) continue;
      this.#runs.set(engine, { inputs: engine.running, startedAt: this.harness.clock.now() });
      for (const input of engine.running) this.begunAt.set(textOf(input), this.harness.clock.now());
    }
  }
}

/** So many requests of a client, all at once. */
const burst = (client: string, costs: readonly number[], atMs = 0): Request[] =>
  costs.map((costMs) => ({ client, atMs, costMs }));

describe('clients that wait', () => {
  it('are served alike: what they had of the engines differs by no more than what engines hold', async () => {
    const costs = fc.array(fc.array(cost, { minLength: 30, maxLength: 40 }), { minLength: 2, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(models, costs, async (model, costsByClient) => {
        const simulation = new Simulation({ ...model, maxQueue: 1_000 });
        const requests = costsByClient.flatMap((costs, client) => burst(`client${client}`, costs));
        const begun = (client: number): number =>
          [...simulation.begunAt.keys()].filter((text) => text.startsWith(`client${client} `)).length;
        // A run and what was sent ahead, in every engine.
        const held = 2 * model.replicas * model.maxBatchSize;
        await simulation.serve(requests, () => {
          if (costsByClient.some((costs, client) => begun(client) + held >= costs.length)) return;
          const served = costsByClient.map((_, client) => simulation.servedMs.get(`client${client}`) ?? 0);
          expect(Math.max(...served) - Math.min(...served)).toBeLessThanOrEqual((held + 1) * maxCostMs);
        });
      }),
      { numRuns: Math.ceil(numRuns / 3) },
    );
  });

  it('have a request begun within a run for each client, whatever the others send', async () => {
    const greedy = fc.array(cost, { minLength: 20, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(
        models,
        greedyClients,
        greedy,
        cost,
        fc.nat({ max: 500 }),
        async (model, clients, costs, costMs, atMs) => {
          const simulation = new Simulation(model);
          const many = Array.from({ length: clients }, (_, client) => burst(`greedy${client}`, costs)).flat();
          await simulation.serve([...many, { client: 'meek', atMs, costMs }]);
          const [text = '', endings] = [...simulation.endings].find(([key]) => key.startsWith('meek ')) ?? [];
          expect(endings).toEqual([text]);
          // What engines have, a run for each client that waits, and its own place in one.
          const waitMs = (simulation.begunAt.get(text) ?? Infinity) - atMs;
          expect(waitMs).toBeLessThanOrEqual((2 + clients) * model.maxBatchSize * maxCostMs);
        },
      ),
      { numRuns },
    );
  });

  it('have equal parts of a full queue, whoever came first, and the others are RATE_LIMITED', async () => {
    const counts = fc.array(fc.integer({ min: 10, max: 40 }), { minLength: 2, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(counts, async (counts) => {
        const maxQueue = 8;
        const simulation = new Simulation({ replicas: 1, maxBatchSize: 1, maxQueue });
        await simulation.serve(
          counts.flatMap((count, client) => burst(`c${client}`, Array(count).fill(10) as number[])),
        );
        const served = counts.map(
          (_, client) =>
            [...simulation.endings].filter(([text, [end]]) => end === text && text.startsWith(`c${client} `)).length,
        );
        // One is running and one was sent ahead before the others came.
        expect(served.reduce((sum, count) => sum + count, 0)).toBe(maxQueue + 1);
        expect(Math.min(...served)).toBeGreaterThanOrEqual(Math.floor((maxQueue - 1) / counts.length));
        const refusals = [...simulation.endings].flatMap(([text, [end]]) => (end === text ? [] : (end ?? 'none')));
        expect(new Set(refusals)).toEqual(
          new Set(refusals.includes('OVERLOADED') ? ['OVERLOADED', 'RATE_LIMITED'] : ['RATE_LIMITED']),
        );
      }),
      { numRuns: Math.ceil(numRuns / 3) },
    );
  });
});

it('no engine is idle while a request is pending, and no client is remembered in the end', async () => {
  const request = fc.record({
    client: fc.constantFrom('first', 'second', 'third'),
    atMs: fc.nat({ max: 1_000 }),
    costMs: cost,
  });
  await fc.assert(
    fc.asyncProperty(models, fc.array(request, { minLength: 20, maxLength: 100 }), async (model, requests) => {
      const simulation = new Simulation(model);
      const { dispatcher, engines } = simulation.harness;
      await simulation.serve(requests, () => {
        const someIdle = engines.alive.some(({ running }) => running.length === 0);
        expect(someIdle && dispatcher.pending > 0).toBe(false);
      });
      for (const [text, endings] of simulation.endings)
        expect([[text], ['RATE_LIMITED'], ['OVERLOADED']]).toContainEqual(endings);
      expect(dispatcher.clients).toBe(0);
    }),
    { numRuns },
  );
});
