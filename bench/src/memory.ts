import { closedLoop } from '@portico/measure/load/closed-loop';
import { serverUsage } from '@portico/measure/process/server-usage';
import { noiseImage } from './noise-image.ts';
import { bounded, megabytes, type Report } from './report.ts';
import { ifAnswered, type Question, tinyQuestion } from './requests.ts';
import { startServer } from './server-process.ts';
import { saturatingClients, type Settings } from './settings.ts';

const bound = { most: 130 };
const mebibyte = 1024 * 1024;

/** Uploads of a photograph's size that cost an engine little, because there is nothing to read in them. */
const noise: Question = {
  request: {
    path: '/ocr?maxSideLength=320',
    headers: { 'content-type': 'image/png' },
    body: noiseImage(320, 270),
  },
  check: ifAnswered(({ body }) => (body.includes('"lines":') ? undefined : body.toString())),
};

/** What the gateway holds after a thousand requests. */
export async function memory({ quick, modelFolder }: Settings): Promise<Report> {
  const rows = [
    ...(await after('rows of 64 numbers', 'tiny', tinyQuestion, 1_000, modelFolder)),
    ...(await after('uploads of 87 kB', 'ocr', noise, quick ? 200 : 1_000, modelFolder)),
  ];
  return {
    title: 'Memory of the gateway',
    header: ['after', 'requests', 'PSS MB', 'PSS of all processes', 'RSS MB', 'must be', 'is it'],
    rows,
  };
}

async function after(
  name: string,
  model: string,
  { request, check }: Question,
  count: number,
  modelFolder: string,
): Promise<string[][]> {
  await using server = await startServer({ models: model, modelFolder });
  await server.ready();
  const measured = async (name: string, requests: number): Promise<string[]> => {
    const { gateway, total } = await serverUsage(server.pid);
    const shares = [gateway, total].map(({ proportionalBytes }) => megabytes(proportionalBytes));
    return [name, String(requests), ...shares, ...bounded(gateway.residentBytes / mebibyte, bound)];
  };
  const start = await measured(`start, ${model}`, 0);
  const { good } = await closedLoop({
    url: server.url,
    request,
    check,
    clients: saturatingClients,
    count,
    seconds: 60,
  });
  return [start, await measured(name, good)];
}
