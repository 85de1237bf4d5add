import { join } from 'node:path';
import { closedLoop } from '@portico/measure/load/closed-loop';
import type { LoadResult } from '@portico/measure/load/tally';
import { openLoop } from '@portico/measure/load/open-loop';
import { cpuBetween, type ServerUsage, serverUsage } from '@portico/measure/server-usage';
import { megabytes, type Report, short } from './report.ts';
import { mediumLoad, ocrLoad, type Load, tensorLoad, tinyLoad } from './loads.ts';
import { startServer } from './server-process.ts';
import { saturatingClients, type Settings } from './settings.ts';

interface Subject {
  readonly load: Load;
  /** `MODEL_NAME`. */
  readonly models: string;
  /** The file of the bench that is served as it is, under its name. */
  readonly file?: string;
}

const subjects: Readonly<Record<string, Subject>> = {
  ocr: { models: 'ocr', load: ocrLoad },
  tiny: { models: 'tiny', load: tinyLoad },
  'tiny, /v2 JSON': { models: '', file: 'tiny', load: tensorLoad('json') },
  'tiny, /v2 binary': { models: '', file: 'tiny', load: tensorLoad('binary') },
  medium: { models: 'medium', load: mediumLoad },
};

/** Generator and server share the cores, so the offered rate stays well below what they can do together. */
const openShare = 0.5;

/** How much each model can do, the latency at half of that, and what it costs. */
export async function throughput(settings: Settings): Promise<Report> {
  const rows: string[][] = [];
  for (const [name, subject] of Object.entries(subjects)) rows.push(...(await measure(name, subject, settings)));
  const load = ['model', 'load', 'requests', 'per s', 'p50 ms', 'p99', 'p99.9', 'max', 'not 200', 'sent late p99'];
  return {
    title: 'Throughput and latency',
    header: [...load, 'CPU ms per request', 'of it gateway', 'PSS MB', 'of it gateway', 'replicas × batch'],
    rows,
    notes: [
      `Closed: ${saturatingClients} clients, each waiting for its response. Open: Poisson arrivals at half the rate of the closed` +
        ' load, latency from the moment a request was due. CPU and PSS are of gateway, engines and GPU monitor together.',
    ],
  };
}

async function measure(
  model: string,
  { models, file, load: { request, check } }: Subject,
  settings: Settings,
): Promise<string[][]> {
  const { modelFolder } = settings;
  const environment = file === undefined ? {} : { MODEL_REPOSITORY: `${file}=${join(modelFolder, `${file}.onnx`)}` };
  await using server = await startServer({ models, modelFolder, environment });
  await server.ready();
  const load = { url: server.url, request, check };
  const seconds = settings.quick ? 2 : 12;
  await closedLoop({ ...load, clients: saturatingClients, seconds: settings.quick ? 0.5 : 3 });

  const start = await serverUsage(server.pid);
  const closed = await closedLoop({ ...load, clients: saturatingClients, seconds });
  const between = await serverUsage(server.pid);
  const perSecond = Math.max(1, closed.goodPerSecond * openShare);
  const open = await openLoop({ ...load, arrivals: 'poisson', perSecond, seconds });
  const end = await serverUsage(server.pid);

  const batch = (await server.models())[0]?.maxBatch ?? 1;
  const engines = `${end.engineCount} × ${batch}`;
  return [
    [model, 'closed', ...cells(closed, start, between), engines],
    [model, `open ${short(perSecond)}/s`, ...cells(open, between, end), engines],
  ];
}

function cells(result: LoadResult, before: ServerUsage, after: ServerUsage): string[] {
  const { sent, good, goodPerSecond, latency, outcomes, unsent, lag } = result;
  const cpu = cpuBetween(before, after);
  const others = Object.entries(outcomes).filter(([outcome]) => outcome !== '200');
  if (unsent > 0) others.push(['unsent', unsent]);
  return [
    String(sent),
    short(goodPerSecond),
    ...[latency.p50, latency.p99, latency.p999, latency.max].map(short),
    others.map(([outcome, count]) => `${count} × ${outcome}`).join(', ') || '0',
    short(lag.p99),
    ...[cpu.total, cpu.gateway].map((milliseconds) => short(milliseconds / Math.max(1, good))),
    ...[after.total, after.gateway].map(({ proportionalBytes }) => megabytes(proportionalBytes)),
  ];
}
