import { z } from 'zod';
import type { ServedTensors } from '../gateway.ts';
import type { RunTally, Statistics } from '../statistics.ts';

const Duration = z.object({
  count: z.int().nonnegative(),
  ns: z.int().nonnegative().describe('Nanoseconds in total.'),
});
type Duration = z.infer<typeof Duration>;

/** What Triton's statistics extension returns: a JSON object for each version of a model. */
export const TensorStatistics = z
  .object({
    model_stats: z.array(
      z.object({
        name: z.string(),
        version: z.string(),
        last_inference: z.int().nonnegative().describe('Milliseconds since 1970; 0 before the first inference.'),
        inference_count: z.int().nonnegative().describe('Requests that succeeded.'),
        execution_count: z.int().nonnegative().describe('Runs: several requests can share one.'),
        inference_stats: z.object({
          success: Duration,
          fail: Duration,
          queue: Duration,
          compute_input: Duration,
          compute_infer: Duration,
          compute_output: Duration,
          cache_hit: Duration,
          cache_miss: Duration,
        }),
        batch_stats: z.array(
          z.object({
            batch_size: z.int().positive(),
            compute_input: Duration,
            compute_infer: Duration,
            compute_output: Duration,
          }),
        ),
        memory_usage: z.array(z.object({ type: z.string(), id: z.int(), byte_size: z.int().nonnegative() })),
      }),
    ),
  })
  .meta({ id: 'TensorStatistics' });
export type TensorStatistics = z.infer<typeof TensorStatistics>;

/** There is no cache of responses. */
const none: Duration = { count: 0, ns: 0 };

/** The statistics of these versions of models, since the server started. */
export function tensorStatistics(statistics: Statistics, models: readonly ServedTensors[]): TensorStatistics {
  return { model_stats: models.map((served) => statisticsOf(statistics, served)) };
}

function statisticsOf(statistics: Statistics, { name, version, dispatcher }: ServedTensors) {
  const { lastSuccessAt, succeeded, failed, queued, runs } = statistics.of(dispatcher.model);
  const inRuns = [...runs];
  /** Each request of a run has taken as long as the run. */
  const ofRequests = (phase: Phase): Duration => ({
    count: sum(inRuns, ([size, { count }]) => size * count),
    ns: nanoseconds(sum(inRuns, ([size, run]) => size * run[phase])),
  });
  return {
    name,
    version,
    last_inference: lastSuccessAt,
    inference_count: succeeded.count,
    execution_count: sum(inRuns, ([, { count }]) => count),
    inference_stats: {
      success: { count: succeeded.count, ns: nanoseconds(succeeded.milliseconds) },
      fail: { count: failed.count, ns: nanoseconds(failed.milliseconds) },
      queue: { count: queued.count, ns: nanoseconds(queued.milliseconds) },
      compute_input: ofRequests('decode'),
      compute_infer: ofRequests('inference'),
      compute_output: ofRequests('postprocess'),
      cache_hit: none,
      cache_miss: none,
    },
    batch_stats: inRuns.map(([batch_size, run]) => ({
      batch_size,
      compute_input: ofRuns(run, 'decode'),
      compute_infer: ofRuns(run, 'inference'),
      compute_output: ofRuns(run, 'postprocess'),
    })),
    memory_usage: [{ type: 'CPU', id: 0, byte_size: Math.round(dispatcher.residentBytes) }],
  };
}

type Phase = 'decode' | 'inference' | 'postprocess';

const ofRuns = (run: RunTally, phase: Phase): Duration => ({ count: run.count, ns: nanoseconds(run[phase]) });

const nanoseconds = (milliseconds: number): number => Math.round(Math.max(0, milliseconds) * 1e6);

const sum = <Item>(items: readonly Item[], of: (item: Item) => number): number =>
  items.reduce((total, item) => total + of(item), 0);
