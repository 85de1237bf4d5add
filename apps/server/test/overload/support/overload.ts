import { closedLoop } from '@portico/measure/load/closed-loop';
import type { LoadResult } from '@portico/measure/load/tally';
import { openLoop } from '@portico/measure/load/open-loop';
import type { LoadRequest } from '@portico/measure/load/http-client';
import { processUsage } from '@portico/measure/server-usage';
import { metric } from '../../harness/metric.ts';
import type { ServerProcess } from '../../harness/server-process.ts';
import { watchReadings } from '../../harness/watch-readings.ts';
import { Journal } from './journal.ts';
import { complaint } from './outcome.ts';
import { judgeRetryAfter, type RetryAfterReport } from './retry-after.ts';

export interface OverloadOptions {
  readonly server: ServerProcess;
  readonly model: string;
  readonly request: LoadRequest;
  readonly isRight: (body: string) => boolean;
  /** Enough of them keep every replica busy and every run full. */
  readonly clients: number;
  readonly capacitySeconds: number;
  readonly overloadSeconds: number;
  readonly deadlineSeconds: (capacityPerSecond: number) => number;
}

export interface Overload {
  readonly capacity: LoadResult;
  readonly load: LoadResult;
  readonly deadlineSeconds: number;
  /** From the last arrival to the last answer. */
  readonly drainSeconds: number;
  /** Good answers a second in the overload, as a share of the capacity. */
  readonly goodput: number;
  /** Requests that were not refused. */
  readonly accepted: number;
  readonly timedOut: number;
  readonly retryAfter: RetryAfterReport;
  /** Answers to this load by the server's own count. */
  readonly countedByServer: number;
  readonly residentBytes: { readonly before: number; readonly early: number; readonly late: number };
  readonly calmMs: { readonly before: number; readonly after: number };
}

const times = 10;
const calmRequests = 3;

/** Measures what a model can do, asks ten times as much of it, and looks at it again as soon as the last answer came. */
export async function overload(options: OverloadOptions): Promise<Overload> {
  const { server, model, isRight, overloadSeconds } = options;
  const { url } = server;
  const pid = server.child.pid ?? 0;
  const check = (answer: Parameters<typeof complaint>[0]): string | undefined => complaint(answer, isRight);
  const common = { url, request: options.request, check };
  const calm = async (): Promise<number> =>
    (await closedLoop({ ...common, clients: 1, count: calmRequests, seconds: 60 })).latency.p50;

  const calmBefore = await calm();
  const capacity = await closedLoop({ ...common, clients: options.clients, seconds: options.capacitySeconds });
  if (capacity.good < capacity.sent) throw new Error(`without overload: ${JSON.stringify(capacity)}`);
  const deadlineSeconds = options.deadlineSeconds(capacity.goodPerSecond);
  const countedBefore = await metric(server, 'portico_requests_total', { model });
  const residentBefore = (await processUsage(pid)).residentBytes;

  const journal = new Journal();
  const watch = watchReadings(async () => (await processUsage(pid)).residentBytes);
  const loading = openLoop({
    ...common,
    request: { ...options.request, headers: { ...options.request.headers, 'x-timeout-seconds': `${deadlineSeconds}` } },
    arrivals: 'poisson',
    perSecond: times * capacity.goodPerSecond,
    seconds: overloadSeconds,
    observe: journal.observe,
  });
  const load = await stopWatchingAfter(loading, watch);
  const calmAfter = await calm();

  const inLoad = watch.readings.slice(0, overloadSeconds * 4);
  const quarter = Math.ceil(inLoad.length / 4);
  return {
    capacity,
    load,
    deadlineSeconds,
    drainSeconds: load.seconds - overloadSeconds,
    goodput: load.goodPerSecond / capacity.goodPerSecond,
    accepted: load.sent - (load.outcomes['503'] ?? 0),
    timedOut: load.outcomes['504'] ?? 0,
    retryAfter: judgeRetryAfter(journal.entries),
    countedByServer: (await metric(server, 'portico_requests_total', { model })) - countedBefore - calmRequests,
    residentBytes: {
      before: residentBefore,
      early: Math.max(...inLoad.slice(0, quarter)),
      late: Math.max(...inLoad.slice(-quarter)),
    },
    calmMs: { before: calmBefore, after: calmAfter },
  };
}

async function stopWatchingAfter<Result>(loading: Promise<Result>, watch: AsyncDisposable): Promise<Result> {
  try {
    return await loading;
  } finally {
    await watch[Symbol.asyncDispose]();
  }
}
