import { readFileSync } from 'node:fs';
import { lowerPriority } from '@portico/server/internal/engine/lower-priority';
import { type LoadedEngine, loadEngine } from '@portico/server/internal/engine/load-engine';
import type { ModelCode } from '@portico/server/internal/wire/messages';
import type { EngineInput } from '@portico/server/internal/inference';

/** Which model a process drives directly, and with what. */
export interface DirectSetup extends ModelCode {
  /** The input for every run: an encoded file, or a JSON value. */
  readonly input: { readonly file: string; readonly mediaType: string } | { readonly value: unknown };
  readonly params: unknown;
  readonly cacheDirectory: string;
}

/** What the bench sends. */
export type DirectCommand = { readonly setup: DirectSetup } | { readonly runs: number };

/** The reply: loaded, or the milliseconds that each run took. */
export type DirectReply =
  | { readonly loaded: true }
  | { readonly durations: readonly number[] }
  | { readonly error: string };

// A process that runs a model over and over: what an engine does, without gateway, wire and queue.
lowerPriority();
process.once('disconnect', () => process.exit(0));

let engine: LoadedEngine | undefined;
let input: EngineInput | undefined;

process.on('message', (command: DirectCommand) => {
  execute(command).then(
    (reply) => process.send?.(reply),
    (error: unknown) =>
      process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});

async function execute(command: DirectCommand): Promise<DirectReply> {
  if ('setup' in command) return load(command.setup);
  const durations: number[] = [];
  while (durations.length < command.runs) durations.push(await run());
  return { durations };
}

async function load({ cacheDirectory, input: given, params, ...code }: DirectSetup): Promise<DirectReply> {
  const options = {
    device: { name: 'auto', index: 0 },
    threads: 1,
    maxImagePixels: 50_000_000,
    maxRecordingSeconds: 14_400,
    cacheDirectory,
  } as const;
  engine = await loadEngine({ type: 'load', ...code, options }, { onProgress: () => {} });
  input = {
    id: 0,
    params,
    ...('file' in given
      ? { bytes: readFileSync(given.file), mediaType: given.mediaType }
      : { bytes: Buffer.from(JSON.stringify(given.value)), mediaType: null }),
  };
  await run();
  return { loaded: true };
}

/** Milliseconds of one run, decoding and encoding included. */
async function run(): Promise<number> {
  if (engine === undefined || input === undefined) throw new Error('Nothing is loaded.');
  const startedAt = performance.now();
  const [answer] = await engine.runner.run([input], { signal: new AbortController().signal, emit: () => {} });
  const milliseconds = performance.now() - startedAt;
  if (answer instanceof Error) throw answer;
  return milliseconds;
}
