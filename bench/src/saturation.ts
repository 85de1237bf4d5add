import { closedLoop } from '@portico/measure/load/closed-loop';
import { type DirectProcesses, startDirect } from './direct/direct-processes.ts';
import { directOcr } from './direct/setups.ts';
import { bounded, type Report, short } from './report.ts';
import { ocrQuestion } from './requests.ts';
import { startServer } from './server-process.ts';
import { replicas, saturatingClients, type Settings } from './settings.ts';
import { median } from './statistics.ts';

const bound = { least: 0.95 };

/** Pages a second through the server, against the same number of processes that call the model's `run()` directly. */
export async function saturation({ quick, modelFolder }: Settings): Promise<Report> {
  const [rounds, seconds] = quick ? [3, 3] : [7, 5];
  await using server = await startServer({ models: 'ocr', modelFolder });
  await server.ready();
  await using direct = await startDirect(directOcr(modelFolder), replicas);

  await served(server.url, 1);
  await drivenDirectly(direct, 1);
  const blocks: { readonly served: number; readonly direct: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    blocks.push({ served: await served(server.url, seconds), direct: await drivenDirectly(direct, seconds) });
  }
  const ratios = blocks.map(({ served, direct }) => served / direct);
  const middle = median(ratios);
  return {
    title: 'Serving OCR at saturation, against the model driven directly',
    header: ['pages per second', 'median of blocks', 'must be', 'is it'],
    rows: [
      [`served, ${replicas} engines`, short(median(blocks.map(({ served }) => served))), '', ''],
      [`run() in ${replicas} processes`, short(median(blocks.map(({ direct }) => direct))), '', ''],
      ['ratio, median of rounds', ...bounded(middle, bound)],
    ],
    notes: [
      `${rounds} rounds of ${seconds} s each way, in turn. Ratios of the rounds: ${ratios.map(short).join(', ')}.`,
    ],
  };
}

/**
 * Good answers a second while all engines are busy: from the first answer to the last one before the load ends, so that
 * neither the way in nor the way out counts.
 */
async function served(url: string, seconds: number): Promise<number> {
  const endedAt: number[] = [];
  const until = performance.now() + seconds * 1_000;
  const { outcomes, complaints } = await closedLoop({
    url,
    ...ocrQuestion,
    clients: saturatingClients,
    seconds,
    observe: (sample) => {
      if (sample.endedAt <= until) endedAt.push(sample.endedAt);
    },
  });
  if (Object.keys(outcomes).join() !== '200') throw new Error(`${JSON.stringify(outcomes)} ${complaints.join()}`);
  const [first = 0] = endedAt;
  const last = endedAt.at(-1) ?? 0;
  if (last <= first) throw new Error(`${endedAt.length} pages in ${seconds} s: this machine is too busy to tell.`);
  return (endedAt.length - 1) / ((last - first) / 1_000);
}

/** Runs a second, all processes at once. */
async function drivenDirectly(processes: DirectProcesses, seconds: number): Promise<number> {
  const durations = await processes.run({ runForMilliseconds: seconds * 1_000 });
  return durations
    .map((durations) => durations.length / (durations.reduce((sum, duration) => sum + duration, 0) / 1_000))
    .reduce((sum, perSecond) => sum + perSecond, 0);
}
