import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Duplex, Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { Failure } from '@portico/schemas';
import type { Engine, EngineListener } from '../dispatch/engine.ts';
import { FrameDecoder } from '../wire/frame.ts';
import { FrameWriter } from '../wire/frame-writer.ts';
import { type Message, readMessage, writeCommand } from '../wire/heads.ts';
import {
  type Command,
  type EngineOptions,
  lifelineDescriptor,
  type ModelCode,
  type Report,
  wireDescriptor,
} from '../wire/messages.ts';
import { watchMemory } from './resident-memory.ts';

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
  /** Where the engine's inspector listens, as `--inspect` takes it; no inspector if undefined. */
  readonly inspect?: string | undefined;
  /** The environment of the process. */
  readonly environment: NodeJS.ProcessEnv;
}

const engineMain = fileURLToPath(
  new URL(`../engine/main${import.meta.url.slice(import.meta.url.lastIndexOf('.'))}`, import.meta.url),
);

/** Something that the engine started may hold its pipes open after its exit; they are read this much longer. */
const lastBytesMs = 1_000;

/** Seconds to suggest to a client whose input was too much for the memory of the engine. */
const outOfMemoryRetrySeconds = 1;

/** Starts an engine process and joins it to its replica over one framed socket pair. */
export function startEngineProcess(setup: EngineProcessOptions, listener: EngineListener): Engine {
  const child = spawnEngine(setup, (error) => listener.onExit(`The engine could not be started: ${error.message}`));
  if (child === undefined) return { unreadBytes: 0, send: () => {}, cancel: () => {}, kill: () => {} };
  const [, output, errors] = child.stdio;
  const wire = child.stdio[wireDescriptor] as Duplex;
  const lifeline = child.stdio[lifelineDescriptor] as Duplex;
  const log = { model: setup.model, engine: child.pid };
  const stopWatching = watchMemory(child.pid, (residentBytes) => listener.onMemory(residentBytes));

  let exited = false;
  let killed = false;
  let protocolError: string | undefined;
  const exit = (detail: string): void => {
    if (exited) return;
    exited = true;
    stopWatching();
    for (const stream of [wire, lifeline, output, errors]) stream?.destroy();
    // It was nobody here.
    const bySystem = detail === exitDetail(null, 'SIGKILL') && !killed;
    listener.onExit(protocolError ?? (bySystem ? `${detail}: the kernel does this when memory runs out` : detail));
  };
  const kill = (): void => void child.kill('SIGKILL');

  // Written once the reads that are due have been done: a write to an engine that has exited makes Node drop what the
  // engine reported before.
  const writer = new FrameWriter(wire);
  const flush = (): void => writer.flush();
  const send = (command: Command): void => {
    if (writer.empty) setImmediate(flush);
    writeCommand(writer, command);
  };

  const decoder = new FrameDecoder((kind, head, body) => {
    if (!exited) handleReport(readMessage(kind, head, body), listener, setup.logger, log);
  });
  wire.on('data', (chunk: Buffer) => {
    try {
      decoder.push(chunk);
    } catch (error) {
      protocolError = `The engine broke the protocol: ${error instanceof Error ? error.message : String(error)}`;
      wire.removeAllListeners('data');
      kill();
    }
  });
  // A broken wire is an engine that is gone or going; its exit says the rest.
  wire.on('error', kill);
  wire.on('close', kill);
  lifeline.on('error', kill);
  forwardLines(output as Readable, (line) => setup.logger.info(log, line));
  forwardLines(errors as Readable, (line) => setup.logger.warn(log, line));
  child.on('error', (error) => exit(`The engine cannot be reached: ${error.message}`));
  // 'close' comes after the last byte of every pipe, so that no result that was sent is lost.
  child.on('close', (code, signal) => exit(exitDetail(code, signal)));
  child.on('exit', (code, signal) => {
    setTimeout(() => exit(exitDetail(code, signal)), lastBytesMs).unref();
  });

  send({ type: 'load', ...setup.code, options: setup.options });
  return {
    get unreadBytes() {
      return writer.unreadBytes;
    },
    send: (inputs) => send({ type: 'send', inputs }),
    cancel: (ids) => send({ type: 'cancel', ids }),
    kill: () => {
      killed = true;
      kill();
    },
  };
}

/**
 * Starts the process. Where descriptors, memory or process ids have run out there is none, and `onFailed` is called
 * after this has returned: the gateway must outlive that.
 */
function spawnEngine(
  { inspect, environment }: EngineProcessOptions,
  onFailed: (error: Error) => void,
): ChildProcess | undefined {
  try {
    const child = spawn(process.execPath, [...(inspect === undefined ? [] : [`--inspect=${inspect}`]), engineMain], {
      // After stdin, stdout and stderr: the wire and the lifeline.
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
      env: environment,
      // A session of its own, so that Ctrl-C at a terminal reaches the gateway only, which then drains.
      detached: true,
      windowsHide: true,
    });
    if (child.pid !== undefined) return child;
    child.once('error', onFailed);
  } catch (error) {
    setImmediate(() => onFailed(error instanceof Error ? error : new Error(String(error))));
  }
  return undefined;
}

/** Hands one report of an engine to its replica or to the log. Throws on a report that it does not know. */
export function handleReport(message: Message, listener: EngineListener, logger: EngineLogger, log: object): void {
  const report = message.head as Report;
  switch (report.type) {
    case 'progress':
      return listener.onProgress(report);
    case 'downloaded':
      return listener.onDownloaded(report.bytes, report.milliseconds);
    case 'log':
      return logger[report.level](log, report.text);
    case 'ready':
      return listener.onReady(report);
    case 'load-failed':
      return listener.onLoadFailed(report.detail);
    case 'session':
      return listener.onSession?.(report.trace);
    case 'began':
      return listener.onBegan(report.ids);
    case 'item':
      return listener.onItem(report.id, report.index, message.body);
    case 'result':
      return listener.onOutcome(report.id, {
        ok: true,
        bytes: message.body,
        times: report.times,
        warnings: report.warnings,
      });
    case 'failure': {
      const { id, code, detail, issues, times } = report;
      const retryAfterSeconds = code === 'OUT_OF_MEMORY' ? outOfMemoryRetrySeconds : undefined;
      const failure = new Failure(code, detail, { issues, retryAfterSeconds });
      return listener.onOutcome(id, { ok: false, failure, times });
    }
    case 'device-lost':
      return listener.onDeviceLost(report.detail);
    case 'finished':
      // The memory first, so that an engine that is too large gets no more jobs.
      listener.onMemory(report.residentBytes);
      return listener.onFinished();
    default:
      throw new Error(`unknown report ${JSON.stringify(report)}`);
  }
}

/** Passes on what a process prints, line by line. */
function forwardLines(stream: Readable, forward: (line: string) => void): void {
  createInterface({ input: stream, crlfDelay: Infinity }).on('line', (line) => {
    if (line.trim() !== '') forward(line);
  });
}

const exitDetail = (code: number | null, signal: NodeJS.Signals | null): string =>
  signal === null ? `exited with code ${code}` : `ended by ${signal}`;
