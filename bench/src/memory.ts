import { randomBytes } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';
import { closedLoop } from '@portico/measure/load/closed-loop';
import { serverUsage } from '@portico/measure/server-usage';
import { bounded, mebibyte, megabytes, type Report } from './report.ts';
import { ifSuccessful, type Load, tinyLoad } from './loads.ts';
import { startServer } from './server-process.ts';
import { saturatingClients, type Settings } from './settings.ts';

const bound = { max: 150 };
const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** Uploads of a photograph's size that cost an engine little, because there is nothing to read in them. */
const noise: Load = {
  request: {
    path: '/ocr?maxSideLength=320',
    headers: { 'content-type': 'image/png' },
    body: noiseImage(320, 270),
  },
  check: ifSuccessful(({ body }) => (body.includes('"lines":') ? undefined : body.toString())),
};

/** What the gateway holds after a thousand requests. */
export async function memory({ quick, modelFolder }: Settings): Promise<Report> {
  const rows = [
    ...(await after('rows of 64 numbers', 'tiny', tinyLoad, 1_000, modelFolder)),
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
  { request, check }: Load,
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

/** A grey PNG of noise: an upload as large as a photograph's, with nothing in it to read. */
function noiseImage(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Eight bits of grey; compression, filter and interlacing have no other or no simpler choice than 0.
  header.writeUInt8(8, 8);
  const rows = Array.from({ length: height }, () => Buffer.concat([Buffer.of(0), randomBytes(width)]));
  const pixels = deflateSync(Buffer.concat(rows));
  return Buffer.concat([pngSignature, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]);
}

/** Length, type, data, checksum of type and data: https://www.w3.org/TR/png-3/#5Chunk-layout */
function chunk(type: string, data: Buffer): Buffer {
  const content = Buffer.concat([Buffer.from(type), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(content));
  return Buffer.concat([length, content, checksum]);
}
