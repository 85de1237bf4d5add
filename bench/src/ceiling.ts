import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { node, onnxFile } from '../../apps/server/test/onnx/onnx.ts';
import { type Block, measureBlock, medianBlock, warmUp } from './blocks/block.ts';
import { startGenerator } from './blocks/generator.ts';
import { mebibyte, megabytes, type Report, short } from './report.ts';
import { bytesTensor, healthRequest, type SocketRequest } from './requests.ts';
import { startServer } from './server-process.ts';
import type { Settings } from './settings.ts';

interface Size {
  readonly name: string;
  readonly bytes: number;
  readonly request: SocketRequest;
  readonly connections: number;
}

const sizes: readonly Size[] = [
  { name: '/health', bytes: 0, request: healthRequest, connections: 32 },
  ...([1_000, 10_000, 100_000, 1_000_000, 10_000_000] as const).map((bytes) => ({
    name: bytes < 1_000_000 ? `${bytes / 1_000} kB` : `${bytes / 1_000_000} MB`,
    bytes,
    request: bytesTensor(bytes),
    // So few that their uploads fit into the upload memory.
    connections: bytes < 1_000_000 ? 32 : 8,
  })),
];

/** How much one gateway can take: rows of bytes for a model that does nothing. */
export async function ceiling({ quick, modelFolder }: Settings): Promise<Report> {
  const path = join(modelFolder, 'length.onnx');
  writeLengthFile(path);
  await using generator = startGenerator();
  await using server = await startServer({
    models: '',
    modelFolder,
    environment: { MODEL_REPOSITORY: `length=${path}` },
  });
  await server.ready();
  const rows: string[][] = [];
  for (const size of sizes) {
    const target = { ...size, port: server.port, pid: server.pid };
    const blocks: Block[] = [];
    await warmUp(generator, target);
    while (blocks.length < (quick ? 1 : 3)) blocks.push(await measureBlock(generator, target, quick ? 1 : 3));
    rows.push(rowOf(size, medianBlock(blocks)));
  }
  return {
    title: 'What goes through one gateway',
    header: [
      'body',
      'per s',
      'MB/s',
      'p50 ms',
      'p99',
      'gateway ms',
      'engines ms',
      'gateway used',
      'a whole core: per s',
      'MB/s',
      'PSS MB',
    ],
    rows,
    notes: [
      'The model only returns the length of its input. The figures of a whole core are those of a gateway with a core of its own:' +
        ' here it shares the cores with the generator and the engines.',
    ],
  };
}

function rowOf({ name, bytes }: Size, { perSecond, p50, p99, gatewayCpu, enginesCpu, memory }: Block): string[] {
  const perCoreSecond = 1_000 / gatewayCpu;
  const rate = (requests: number): string => (bytes === 0 ? '' : short((requests * bytes) / mebibyte));
  return [
    name,
    short(perSecond),
    rate(perSecond),
    ...[p50, p99, gatewayCpu, enginesCpu].map(short),
    `${((perSecond / perCoreSecond) * 100).toFixed(0)} %`,
    short(perCoreSecond),
    rate(perCoreSecond),
    megabytes(memory),
  ];
}

/** A network that only returns the length of its input. */
function writeLengthFile(path: string): void {
  const file = onnxFile({
    nodes: [node('Shape', ['bytes'], ['length'])],
    inputs: [{ name: 'bytes', type: 'uint8', shape: ['length'] }],
    outputs: [{ name: 'length', type: 'int64', shape: [1] }],
  });
  writeFileSync(path, file);
}
