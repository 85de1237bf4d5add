import type { GpuStatus } from '@portico/schemas';
import { describe, expect, it } from 'vitest';
import { createMetrics } from './metrics.ts';

const noBytes = { heldBytes: 0 };
const noGpu: GpuStatus = { available: false, reason: 'none', gpus: [] };

function metricsWith(gpu: () => GpuStatus = () => noGpu, longestMs = 60_000) {
  const metrics = createMetrics(() => [], { uploads: noBytes, outputs: noBytes, gpu, longestMs });
  const samples = async (name: string): Promise<string[]> =>
    (await metrics.registry.metrics()).split('\n').filter((line) => new RegExp(`^${name}[ {]`).test(line));
  return { ...metrics, samples };
}

it('a run counts once in each of its phases, in buckets up to the longest deadline', async () => {
  const { dispatch, samples } = metricsWith();
  dispatch.ran('vad', { decode: 2_000, inference: 200_000, postprocess: 0.5 }, 1);
  expect(await samples('portico_run_phase_seconds_sum')).toEqual([
    'portico_run_phase_seconds_sum{model="vad",phase="decode"} 2',
    'portico_run_phase_seconds_sum{model="vad",phase="inference"} 200',
    'portico_run_phase_seconds_sum{model="vad",phase="postprocess"} 0.0005',
  ]);
  const buckets = await samples('portico_run_phase_seconds_bucket');
  expect(buckets).toContain('portico_run_phase_seconds_bucket{le="120",model="vad",phase="inference"} 0');
  expect(buckets).toContain('portico_run_phase_seconds_bucket{le="300",model="vad",phase="inference"} 1');
});

it.each([
  [60, '300'],
  [300, '300'],
  [300.1, '600'],
  [600, '600'],
  [5_000, '7200'],
  [86_400, '86400'],
])('where a request may take %d s, the last bucket ends at %s s', async (longest, last) => {
  const { requests, dispatch, samples } = metricsWith(undefined, longest * 1e3);
  requests.ended('long', 'ok', longest * 1e3);
  dispatch.ran('long', { decode: 1, inference: longest * 1e3, postprocess: 1 }, 1);
  for (const name of ['portico_request_duration_seconds', 'portico_run_phase_seconds']) {
    const bounds = (await samples(`${name}_bucket`)).filter(
      (line) => !line.includes('phase="') || line.includes('"inference"'),
    );
    expect(bounds.at(-2)).toMatch(new RegExp(`le="${last}".*} 1$`));
    expect(bounds.at(-1)).toMatch(/le="\+Inf".*} 1$/);
  }
});

it('downloads of weights add up, in bytes and in seconds', async () => {
  const { dispatch, samples } = metricsWith();
  dispatch.downloaded('embed', 1_000_000, 1_500);
  dispatch.downloaded('embed', 500, 500);
  expect(await samples('portico_weights_download_bytes_total')).toEqual([
    'portico_weights_download_bytes_total{model="embed"} 1000500',
  ]);
  expect(await samples('portico_weights_download_seconds_total')).toEqual([
    'portico_weights_download_seconds_total{model="embed"} 2',
  ]);
});

it('says which build it is', async () => {
  const [info = ''] = await metricsWith().samples('portico_build_info');
  expect(info).toMatch(/^portico_build_info\{version="\d+\.\d+\.\d+[^"]*",node_version="\d+\.\d+\.\d+"\} 1$/);
});

it('no gauge is named like a counter, and no two metrics differ only by `_total`', async () => {
  const text = await metricsWith().registry.metrics();
  const types = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type = '']) => ({ name, type }));
  expect(types.filter(({ name, type }) => name.endsWith('_total') !== (type === 'counter'))).toEqual([]);
});

describe('GPUs', () => {
  const gpu = { index: 0, name: 'NVIDIA L4', uuid: 'GPU-1', temperatureCelsius: 61, utilizationPercent: 35 };
  const full = { ...gpu, memoryUsedBytes: 4e9, memoryTotalBytes: 24e9, powerWatts: null };

  it('show what the monitor read last; what one does not report has no series', async () => {
    const { samples } = metricsWith(() => ({ available: true, sampledAt: new Date(0).toISOString(), gpus: [full] }));
    const labels = '{gpu="0",uuid="GPU-1",name="NVIDIA L4"}';
    expect(await samples(String.raw`portico_gpu_\w+`)).toEqual([
      `portico_gpu_utilization_ratio${labels} 0.35`,
      `portico_gpu_memory_used_bytes${labels} 4000000000`,
      `portico_gpu_memory_total_bytes${labels} 24000000000`,
      `portico_gpu_temperature_celsius${labels} 61`,
    ]);
  });

  it('have no series where there is none, or its reading has become too old', async () => {
    let status: GpuStatus = { available: true, sampledAt: new Date(0).toISOString(), gpus: [full] };
    const { samples } = metricsWith(() => status);
    expect(await samples(String.raw`portico_gpu_\w+`)).toHaveLength(4);
    status = noGpu;
    expect(await samples(String.raw`portico_gpu_\w+`)).toEqual([]);
  });
});
