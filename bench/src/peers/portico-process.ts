import { readFileSync } from 'node:fs';
import { Failure, ocr, type OcrResult } from '@portico/schemas';
import { type LoadedEngine, loadEngine } from '@portico/server/engine/load-engine';
import { detectionSize } from '@portico/server/models/ocr/detection/detection-size';
import { ocrSettings } from '@portico/server/models/ocr/settings';
import type { PorticoCommand, PorticoReply } from './messages.ts';
import type { Reading, Round } from './reading.ts';

// Of an engine's own priority it has nothing: RapidOCR has the usual one.
process.once('disconnect', () => process.exit(0));

const params = ocr.params.parse({});
let engine: LoadedEngine | undefined;
let files: readonly { readonly path: string; readonly data: Uint8Array }[] = [];

process.on('message', (command: PorticoCommand) => {
  obey(command).then(
    (reply) => process.send?.(reply),
    (error: unknown) =>
      process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});

async function obey(command: PorticoCommand): Promise<PorticoReply> {
  if (!('load' in command)) return { round: await readAll() };
  const options = {
    device: { name: 'cpu', index: 0 },
    threads: 1,
    maxImagePixels: 50_000_000,
    cacheDirectory: command.load.cacheDirectory,
  } as const;
  const module = import.meta.resolve('@portico/server/models/ocr/index');
  const [variant = ''] = Object.keys(ocrSettings.variants);
  engine = await loadEngine({ type: 'load', module, variant, options }, () => {});
  files = command.load.files.map((path) => ({ path, data: readFileSync(path) }));
  return { loaded: true };
}

async function readAll(): Promise<Round> {
  if (engine === undefined) throw new Error('Nothing is loaded.');
  const startedAt = performance.now();
  const usageBefore = process.cpuUsage();
  const readings: Reading[] = [];
  for (const { path, data } of files) readings.push(await read(engine, path, data));
  const { user, system } = process.cpuUsage(usageBefore);
  return { readings, milliseconds: performance.now() - startedAt, cpuMilliseconds: (user + system) / 1_000 };
}

async function read({ model }: LoadedEngine, file: string, data: Uint8Array): Promise<Reading> {
  const startedAt = performance.now();
  const [output] = await model.run([{ file: { data, mediaType: 'image/*' }, params }], {
    signal: new AbortController().signal,
  });
  const timed = { file, milliseconds: performance.now() - startedAt, stages: {} };
  if (output instanceof Failure) return { ...timed, text: '', lines: 0, error: output.message };
  const { text, lines, width, height } = output as OcrResult;
  return { ...timed, text, lines: lines.length, detectionSize: detectionSize({ width, height }, params.maxSideLength) };
}
