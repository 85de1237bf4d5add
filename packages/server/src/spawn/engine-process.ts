import type { Duplex, Readable } from 'node:stream';
import type { Engine, EngineListener } from '../dispatch/engine.ts';
import { FrameDecoder } from '../wire/frame-decoder.ts';
import { encodeFrame } from '../wire/frame-encoder.ts';
import type { Command, EngineOptions, ModelCode } from '../wire/messages.ts';
import { deliver } from './report-reader.ts';
import { forwardLines } from './output-lines.ts';
import { watchMemory } from './resident-memory.ts';
import { spawnEngine } from './spawn-engine.ts';

export interface EngineLogger {
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
  error(fields: object, text: string): void;
}

export interface EngineProcessOptions {
  /** For the log. */
  readonly model: string;
  readonly code: ModelCode;
  readonly options: EngineOptions;
  readonly logger: EngineLogger;
}

/** The wire is the first descriptor after stdin, stdout and stderr. */
const wireDescriptor = 3;

/** Something that the engine started may hold its pipes open; its own end is waited for this much longer. */
const lastBytesMs = 1_000;

/** Starts an engine process and joins it to its replica over one framed socket pair. */
export function startEngineProcess(setup: EngineProcessOptions, listener: EngineListener): Engine {
  const child = spawnEngine((error) => listener.exited(`The engine could not be started: ${error.message}`));
  if (child === undefined) return { send: () => {}, cancel: () => {}, kill: () => {} };
  const [, output, errors] = child.stdio;
  const wire = child.stdio[wireDescriptor] as Duplex;
  const log = { model: setup.model, engine: child.pid };
  const stopWatching = watchMemory(child.pid, (residentBytes) => listener.memory(residentBytes));

  let ended = false;
  let protocolError: string | undefined;
  const end = (detail: string): void => {
    if (ended) return;
    ended = true;
    stopWatching();
    for (const stream of [wire, output, errors]) stream?.destroy();
    listener.exited(protocolError ?? detail);
  };
  const kill = (): void => void child.kill('SIGKILL');
  // Written once the reads that are due have been done: a write to an engine that has died makes Node drop what the
  // engine answered before.
  const outbox: Uint8Array[] = [];
  const write = (): void => {
    const chunks = outbox.splice(0);
    if (!wire.writable) return;
    wire.cork();
    for (const chunk of chunks) wire.write(chunk);
    wire.uncork();
  };
  const send = (command: Command, bodies: readonly Uint8Array[] = []): void => {
    if (outbox.length === 0) setImmediate(write);
    outbox.push(...encodeFrame(command, bodies));
  };

  const decoder = new FrameDecoder();
  wire.on('data', (chunk: Uint8Array) => {
    try {
      for (const frame of decoder.push(chunk)) if (!ended) deliver(frame, listener, setup.logger, log);
    } catch (error) {
      protocolError = `The engine spoke nonsense: ${error instanceof Error ? error.message : String(error)}`;
      wire.removeAllListeners('data');
      kill();
    }
  });
  // A broken wire is an engine that is gone or going; its exit tells the rest.
  wire.on('error', kill);
  wire.on('close', kill);
  forwardLines(output as Readable, (line) => setup.logger.info(log, line));
  forwardLines(errors as Readable, (line) => setup.logger.warn(log, line));
  child.on('error', (error) => end(`The engine is out of reach: ${error.message}`));
  // 'close' comes after the last byte of every pipe, so no answer that was sent is lost.
  child.on('close', (code, signal) => end(words(code, signal)));
  child.on('exit', (code, signal) => {
    setTimeout(() => end(words(code, signal)), lastBytesMs).unref();
  });

  send({ type: 'load', ...setup.code, options: setup.options });
  return {
    send: (inputs) =>
      send(
        {
          type: 'send',
          inputs: inputs.map(({ bytes, ...input }) => ({ ...input, byteLength: bytes.byteLength })),
        },
        inputs.map(({ bytes }) => bytes),
      ),
    cancel: (ids) => send({ type: 'cancel', ids }),
    kill,
  };
}

const words = (code: number | null, signal: NodeJS.Signals | null): string =>
  signal === null ? `exited with code ${code}` : `ended by ${signal}`;
