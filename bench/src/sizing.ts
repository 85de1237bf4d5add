import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cpuBetween, processTree, serverUsage } from '@portico/measure/server-usage';
import { closedLoop } from '@portico/measure/load/closed-loop';
import sharp from 'sharp';
import { ifSuccessful, pagePath } from './loads.ts';
import { mebibyte, type Report, short } from './report.ts';
import { startServer } from './server-process.ts';
import { repositoryRoot, type Settings } from './settings.ts';

const samples = join(repositoryRoot, 'samples');
const pictureModels = ['ocr', 'faces', 'segment'];
const megapixels = [1, 12, 50];
/** Two for one replica: the next input is there when a run ends. */
const clients = 2;
const requests = { quick: 6, full: 24 };
const seconds = 120;

interface Input {
  readonly name: string;
  readonly type: string;
  readonly body: Buffer;
}

/** What one replica of each model holds and takes, by the size of its inputs: what limits of a container are chosen by. */
export async function sizing(settings: Settings): Promise<Report> {
  const pictures = await Promise.all(megapixels.map(photograph));
  const speech = { name: 'speech, 6 s', type: 'audio/flac', body: await readFile(join(samples, 'speech.flac')) };
  const rows: string[][] = [];
  for (const model of pictureModels) rows.push(...(await sizesOf(model, pictures, settings)));
  rows.push(...(await sizesOf('vad', [speech], settings)));
  return {
    title: 'What one replica takes',
    header: ['model', 'input', 'engine, MiB', 'gateway, MiB', 'CPU a request, s'],
    rows,
    notes: [`Resident memory: at rest, or the maximum with ${clients} clients. The CPU is that of all processes.`],
  };
}

async function sizesOf(model: string, inputs: readonly Input[], { quick, modelFolder }: Settings): Promise<string[][]> {
  await using server = await startServer({
    models: model,
    modelFolder,
    main: new URL(import.meta.resolve('@portico/service/main')),
    environment: { REPLICAS: '1' },
  });
  await server.ready();
  const atRest = await serverUsage(server.pid);
  const rows = [
    [model, 'none', inMebibytes(atRest.engines.residentBytes), inMebibytes(atRest.gateway.residentBytes), ''],
  ];
  const tree = await processTree(server.pid);
  for (const { name, type, body } of inputs) {
    await Promise.all(tree.map(forgetPeak));
    const before = await serverUsage(server.pid);
    const { good } = await closedLoop({
      url: server.url,
      request: { path: `/${model}`, headers: { 'content-type': type }, body },
      check: ifSuccessful(() => undefined),
      clients,
      count: quick ? requests.quick : requests.full,
      seconds,
    });
    const cpuSeconds = cpuBetween(before, await serverUsage(server.pid)).total / 1_000;
    const [gateway = 0, ...engines] = await Promise.all((await processTree(server.pid)).map(peakBytes));
    const perRequest = good === 0 ? 'none was successful' : short(cpuSeconds / good);
    rows.push([model, name, inMebibytes(Math.max(...engines)), inMebibytes(gateway), perRequest]);
  }
  return rows;
}

/** A JPEG of a printed page in front of something else. */
async function photograph(size: number): Promise<Input> {
  const width = 4 * Math.round(Math.sqrt((size * 1_000_000) / 12));
  const height = Math.floor((size * 1_000_000) / width);
  const page = await sharp(pagePath)
    .resize({ height: Math.round(height * 0.8) })
    .toBuffer();
  const picture = sharp(join(samples, 'astronaut.png'))
    .resize(width, height)
    .composite([{ input: page }]);
  return {
    name: `${size} megapixel${size === 1 ? '' : 's'}`,
    type: 'image/jpeg',
    body: await picture.jpeg({ quality: 90 }).toBuffer(),
  };
}

const inMebibytes = (bytes: number): string => String(Math.round(bytes / mebibyte));

/** The maximum of resident memory since the start, or since it was last forgotten: proc(5). */
async function peakBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return 1024 * Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0);
}

const forgetPeak = (pid: number): Promise<void> => writeFile(`/proc/${pid}/clear_refs`, '5');
