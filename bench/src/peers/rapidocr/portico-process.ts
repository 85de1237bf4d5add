import { readFileSync } from 'node:fs';
import { detectionSize } from '@portico/models/ocr/detection/detector';
import { ocrModel } from '@portico/models/ocr/index';
import { ocr } from '@portico/schemas';
import { type LoadedEngine, loadEngine } from '@portico/server/internal/engine/load-engine';
import { locatedWeights } from '@portico/server/internal/weights/resolve-weights';
import type { ModelVariant } from '@portico/server';
import type { Reading, Round } from './reading.ts';

/** What the bench sends to the process that runs Portico's model. */
export type PorticoCommand =
  | { readonly load: { readonly files: readonly string[]; readonly cacheDirectory: string } }
  | { readonly round: true };

/** The reply. */
export type PorticoReply = { readonly loaded: true } | { readonly round: Round } | { readonly error: string };

// It keeps the default priority, as RapidOCR does.
process.once('disconnect', () => process.exit(0));

const params = ocr.params.parse({});
let engine: LoadedEngine | undefined;
let files: readonly { readonly path: string; readonly data: Uint8Array }[] = [];

process.on('message', (command: PorticoCommand) => {
  execute(command).then(
    (reply) => process.send?.(reply),
    (error: unknown) =>
      process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});

async function execute(command: PorticoCommand): Promise<PorticoReply> {
  if (!('load' in command)) return { round: await readAll() };
  const options = {
    device: { name: 'cpu', index: 0 },
    threads: 1,
    maxImagePixels: 50_000_000,
    maxRecordingSeconds: 14_400,
    cacheDirectory: command.load.cacheDirectory,
  } as const;
  const module = ocrModel.module;
  const [[variant, variantSettings]] = Object.entries(ocrModel.settings.variants) as [[string, ModelVariant]];
  const weights = locatedWeights(variantSettings.weights);
  engine = await loadEngine({ type: 'load', module, variant, weights, options }, { onProgress: () => {} });
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
  return { readings, milliseconds: performance.now() - startedAt, cpuMs: (user + system) / 1_000 };
}

async function read({ runner }: LoadedEngine, file: string, data: Uint8Array): Promise<Reading> {
  const startedAt = performance.now();
  const [answer] = await runner.run([{ id: 0, mediaType: 'image/*', bytes: data, params }], {
    signal: new AbortController().signal,
    emit: () => {},
  });
  const timed = { file, milliseconds: performance.now() - startedAt, stages: {} };
  if (answer === undefined || answer instanceof Error)
    return { ...timed, text: '', lines: 0, error: String(answer?.message) };
  const { text, lines, width, height } = ocr.output.parse(JSON.parse(Buffer.from(answer.bytes).toString('utf8')));
  return { ...timed, text, lines: lines.length, detectionSize: detectionSize({ width, height }, params.maxSideLength) };
}
