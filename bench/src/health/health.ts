import { closedLoop } from '@portico/measure/load/closed-loop';
import { Helper } from '../helper.ts';
import { bounded, median, quantile, type Report, short } from '../report.ts';
import { ocrLoad } from '../loads.ts';
import { startServer } from '../server-process.ts';
import { saturatingClients, type Settings } from '../settings.ts';
import type { ProbeReply } from './probe.ts';

const bound = { max: 1.5 };
const intervalMs = 5;

/** `/health` while every core reads pages, against a bare `node:http` server probed in turn with it. */
export async function health({ quick, modelFolder }: Settings): Promise<Report> {
  const [blocks, seconds] = quick ? [2, 4] : [5, 11];
  await using server = await startServer({ models: 'ocr', modelFolder });
  await using bare = new Helper(new URL('./bare-server.js', import.meta.url));
  await using prober = new Helper(new URL('./probe.js', import.meta.url));
  const { port } = await bare.request<{ port: number }>({});
  await server.ready();
  const urls = [server.url, `http://127.0.0.1:${port}`];
  const probe = (seconds: number) => prober.request<ProbeReply>({ urls, intervalMs, seconds });

  const stop = new AbortController();
  const load = { url: server.url, ...ocrLoad, clients: saturatingClients, signal: stop.signal };
  const idle = await probe(quick ? 1 : 5);
  const loading = closedLoop({ ...load, seconds: 120 });
  await probe(2);
  const replies: ProbeReply[] = [];
  for (let block = 0; block < blocks; block += 1) replies.push(await probe(seconds));
  stop.abort();
  const { good, sent } = await loading;

  const pooled = (target: number): number[] => replies.flatMap(({ latencies }) => latencies[target] ?? []);
  const ratios = replies.map(({ latencies: [own = [], bare = []] }) => quantile(own, 0.99) / quantile(bare, 0.99));
  const failures = [idle, ...replies].flatMap(({ failures }) => failures);
  return {
    title: '/health while every core reads pages, against a bare node:http server',
    header: ['milliseconds', 'probes', 'p50', 'p99', 'p99.9', 'p99 must be', 'is it'],
    rows: [
      row('idle: Portico', idle.latencies[0] ?? []),
      row('idle: bare server', idle.latencies[1] ?? []),
      row('busy: Portico', pooled(0)),
      row('busy: bare server', pooled(1)),
      [
        'ratio, all probes',
        '',
        ...[0.5, 0.99, 0.999].map((share) => short(ratio(pooled(0), pooled(1), share))),
        '',
        '',
      ],
      [
        'ratio, median of blocks',
        `${blocks} blocks`,
        '',
        short(median(ratios)),
        '',
        ...bounded(median(ratios), bound).slice(1),
      ],
    ],
    notes: [
      `One process probes both servers in turn, one probe every ${intervalMs} ms, while ${saturatingClients} clients had ${good} of ${sent} pages read.` +
        ` Ratios of the blocks: ${ratios.map(short).join(', ')}. Failed probes: ${failures.length}.`,
    ],
  };
}

const row = (name: string, latencies: readonly number[]): string[] => [
  name,
  String(latencies.length),
  ...[0.5, 0.99, 0.999].map((share) => short(quantile(latencies, share))),
  '',
  '',
];

const ratio = (own: readonly number[], bare: readonly number[], share: number): number =>
  quantile(own, share) / quantile(bare, share);
