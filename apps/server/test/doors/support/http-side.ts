import { type GpuStatus, ocr, type Task } from '@portico/schemas';
import { pino } from 'pino';
import type { Registry } from 'prom-client';
import { type AppOptions, buildApp } from '@portico/server/internal/app';
import { ByteBudget } from '@portico/server/internal/dispatch/byte-budget';
import { UnreadOutputs } from '@portico/server/internal/dispatch/unread-outputs';
import type { FakeEngines } from '@portico/server/internal/dispatch/testing/fake-engine';
import { Harness } from '@portico/server/internal/dispatch/testing/harness';
import { createMetrics } from '@portico/server/internal/http/prometheus/metrics';
import type { ServedModel } from '@portico/server/internal/http/gateway';
import { Connections } from '@portico/server/internal/http/plugins/connections';
import { checkAnswersOf } from '../../harness/answers.ts';
import type { LogLine } from '../../harness/server-process.ts';

export interface HttpSide extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  readonly log: readonly LogLine[];
  readonly registry: Registry;
  readonly uploads: ByteBudget;
  readonly engines: FakeEngines;
}

export interface HttpSideOptions {
  readonly clientTimeouts?: NonNullable<AppOptions['clientTimeouts']>;
  readonly gpu?: () => GpuStatus;
  readonly maxConnections?: number;
  /** @default OCR */
  readonly task?: Task;
}

/** The HTTP side alone, on a real port, before a contract and an engine that does what a test says. */
export async function startHttpSide({
  clientTimeouts,
  gpu = noGpu,
  maxConnections = 1_000,
  task = ocr,
}: HttpSideOptions): Promise<HttpSide> {
  const { dispatcher, engines } = Harness.ready();
  const settings = { variants: { only: { weights: {} } } };
  const model: ServedModel = { task, settings, variant: 'only', dispatcher, timeoutMs: 60_000 };
  const models = new Map([[task.name, model]]);
  const uploads = new ByteBudget(1024 * 1024);
  const outputs = new UnreadOutputs(1024 * 1024);
  const metrics = createMetrics(() => [dispatcher], { uploads, outputs, gpu, longestMs: 60_000 });
  const log: LogLine[] = [];
  const app = await buildApp({
    gateway: {
      models,
      tensors: new Map(),
      repository: { index: () => [], control: undefined },
      uploads,
      outputs,
      requests: metrics.requests,
      statistics: metrics.statistics,
      limits: { maxUploadBytes: 1024 * 1024, maxBatchItems: 4 },
      gpu,
      lifecycle: { draining: false },
      strictReadiness: false,
    },
    connections: new Connections({ maxConnections, trustProxy: false }),
    registry: metrics.registry,
    logger: pino({ level: 'debug' }, { write: (line: string) => void log.push(JSON.parse(line) as LogLine) }),
    corsOrigins: '*',
    apiKeys: [],
    trustProxy: false,
    basePath: '',
    keepAliveMs: 60_000,
    ...(clientTimeouts === undefined ? {} : { clientTimeouts }),
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  await checkAnswersOf(url, { outputsAreMadeUp: true });
  return {
    port: Number(new URL(url).port),
    url,
    log,
    registry: metrics.registry,
    uploads,
    engines,
    [Symbol.asyncDispose]: async () => {
      app.server.closeAllConnections();
      await app.close();
    },
  };
}

const noGpu = (): GpuStatus => ({ available: false, reason: 'none', gpus: [] });
