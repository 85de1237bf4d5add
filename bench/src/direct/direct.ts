import { readFileSync } from 'node:fs';
import { Failure } from '@portico/schemas';
import { beNice } from '@portico/server/engine/be-nice';
import { type LoadedEngine, loadEngine } from '@portico/server/engine/load-engine';
import type { ModelInput } from '@portico/server/models/model';
import type { DirectCommand, DirectReply, DirectSetup } from './messages.ts';

// A process that runs a model over and over: what an engine does, without gateway, wire and queue.
beNice();
process.once('disconnect', () => process.exit(0));

let engine: LoadedEngine | undefined;
let input: ModelInput | undefined;

process.on('message', (command: DirectCommand) => {
  obey(command).then(
    (reply) => process.send?.(reply),
    (error: unknown) =>
      process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});

async function obey(command: DirectCommand): Promise<DirectReply> {
  if ('setup' in command) return load(command.setup);
  const durations: number[] = [];
  while (durations.length < command.runs) durations.push(await run());
  return { durations };
}

async function load({ module, variant, input: given, params, cacheDirectory }: DirectSetup): Promise<DirectReply> {
  const options = {
    device: { name: 'auto', index: 0 },
    threads: 1,
    maxImagePixels: 50_000_000,
    cacheDirectory,
  } as const;
  engine = await loadEngine({ type: 'load', module, variant, options }, () => {});
  const what =
    'file' in given ? { file: { data: readFileSync(given.file), mediaType: given.mediaType } } : { input: given.value };
  input = { ...what, params } as ModelInput;
  await run();
  return { loaded: true };
}

/** Milliseconds of one run, decoding included. */
async function run(): Promise<number> {
  if (engine === undefined || input === undefined) throw new Error('nothing is loaded');
  const startedAt = performance.now();
  const [output] = await engine.model.run([input], { signal: new AbortController().signal });
  const milliseconds = performance.now() - startedAt;
  if (output instanceof Failure) throw output;
  return milliseconds;
}
