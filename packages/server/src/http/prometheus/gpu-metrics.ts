import type { Gpu, GpuStatus } from '@portico/schemas';
import { Gauge, type Registry } from 'prom-client';

const figures: readonly (readonly [name: string, help: string, read: (gpu: Gpu) => number | null])[] = [
  [
    'utilization_ratio',
    'Share of the time in which the GPU was busy, from 0 to 1.',
    ({ utilizationPercent: percent }) => (percent === null ? null : percent / 100),
  ],
  ['memory_used_bytes', 'Memory of the GPU that is in use, by any process.', ({ memoryUsedBytes }) => memoryUsedBytes],
  ['memory_total_bytes', 'Memory of the GPU.', ({ memoryTotalBytes }) => memoryTotalBytes],
  ['temperature_celsius', 'Temperature of the GPU.', ({ temperatureCelsius }) => temperatureCelsius],
  ['power_watts', 'Power that the GPU draws.', ({ powerWatts }) => powerWatts],
];

/** What the monitor last read of each GPU. Without one, and for what a GPU does not report, there is no series. */
export function collectGpuMetrics(registry: Registry, status: () => GpuStatus): void {
  for (const [name, help, read] of figures) {
    const gauge = new Gauge({
      name: `portico_gpu_${name}`,
      help,
      labelNames: ['gpu', 'uuid', 'name'],
      registers: [],
      collect() {
        this.reset();
        for (const gpu of status().gpus) {
          const value = read(gpu);
          if (value !== null) this.set({ gpu: gpu.index, uuid: gpu.uuid ?? '', name: gpu.name }, value);
        }
      },
    });
    registry.registerMetric(gauge);
  }
}
