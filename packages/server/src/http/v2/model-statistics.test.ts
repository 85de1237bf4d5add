import { expect, it } from 'vitest';
import type { ServedTensors } from '../gateway.ts';
import { Statistics } from '../statistics.ts';
import { tensorStatistics } from './model-statistics.ts';

const served = {
  name: 'net',
  version: '1',
  dispatcher: { model: 'tensors/net:1', residentBytes: 1_000.4 },
} as ServedTensors;

it('requests that share a run take as long as the run, each', () => {
  const statistics = new Statistics(() => 1_769_860_800_000);
  statistics.started('tensors/net:1', [1, 2, 3]);
  statistics.ran('tensors/net:1', { decode: 1, inference: 4, postprocess: 0.5 }, 3);
  statistics.started('tensors/net:1', [0]);
  statistics.ran('tensors/net:1', { decode: 1, inference: 2, postprocess: 0.5 }, 1);
  for (const milliseconds of [10, 10, 10, 5]) statistics.ended('tensors/net:1', 'ok', milliseconds);
  statistics.ended('tensors/net:1', 'TIMEOUT', 100);
  statistics.ended('another', 'ok', 1);

  expect(tensorStatistics(statistics, [served])).toEqual({
    model_stats: [
      {
        name: 'net',
        version: '1',
        last_inference: 1_769_860_800_000,
        inference_count: 4,
        execution_count: 2,
        inference_stats: {
          success: { count: 4, ns: 35_000_000 },
          fail: { count: 1, ns: 100_000_000 },
          queue: { count: 4, ns: 6_000_000 },
          compute_input: { count: 4, ns: 4_000_000 },
          compute_infer: { count: 4, ns: 14_000_000 },
          compute_output: { count: 4, ns: 2_000_000 },
          cache_hit: { count: 0, ns: 0 },
          cache_miss: { count: 0, ns: 0 },
        },
        batch_stats: [
          {
            batch_size: 1,
            compute_input: { count: 1, ns: 1_000_000 },
            compute_infer: { count: 1, ns: 2_000_000 },
            compute_output: { count: 1, ns: 500_000 },
          },
          {
            batch_size: 3,
            compute_input: { count: 1, ns: 1_000_000 },
            compute_infer: { count: 1, ns: 4_000_000 },
            compute_output: { count: 1, ns: 500_000 },
          },
        ],
        memory_usage: [{ type: 'CPU', id: 0, byte_size: 1_000 }],
      },
    ],
  });
});
