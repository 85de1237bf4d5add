import type { GpuStatus } from '@portico/schemas';
import { pino } from 'pino';
import { expect, it, vi } from 'vitest';
import { buildApp } from './app.ts';
import { ByteBudget } from './dispatch/byte-budget.ts';
import { UnreadOutputs } from './dispatch/unread-outputs.ts';
import { Connections } from './http/plugins/connections.ts';
import { createMetrics } from './http/prometheus/metrics.ts';

it('is put together on a machine that takes an hour to read the files of the documentation', async () => {
  const uploads = new ByteBudget(1);
  const outputs = new UnreadOutputs(1);
  const gpu = (): GpuStatus => ({ available: false, reason: 'none', gpus: [] });
  const metrics = createMetrics(() => [], { uploads, outputs, gpu, longestMs: 60_000 });
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const building = buildApp({
      gateway: {
        models: new Map(),
        tensors: new Map(),
        repository: { index: () => [], control: undefined },
        uploads,
        outputs,
        requests: metrics.requests,
        statistics: metrics.statistics,
        limits: { maxUploadBytes: 1, maxBatchItems: 1 },
        gpu,
        lifecycle: { draining: false },
        strictReadiness: false,
      },
      registry: metrics.registry,
      logger: pino({ level: 'silent' }),
      corsOrigins: '*',
      apiKeys: [],
      trustProxy: false,
      basePath: '',
      connections: new Connections({ maxConnections: 1_000, trustProxy: false }),
      keepAliveMs: 1,
    });
    building.catch(() => {});
    await vi.advanceTimersByTimeAsync(3_600_000);
    const app = await building;
    expect((await app.inject('/health')).statusCode).toBe(200);
  } finally {
    vi.useRealTimers();
  }
});
