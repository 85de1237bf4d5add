import { spawn } from 'node:child_process';
import type { Duplex, Readable } from 'node:stream';
import type { Engine, EngineListener } from '../dispatch/engine.ts';
import { FrameDecoder } from '../wire/frame-decoder.ts';
import { encodeFrame } from '../wire/frame-encoder.ts';
import type { Command, EngineOptions } from '../wire/messages.ts';
import { engineEnvironment } from './engine-environment.ts';
import { deliver } from './report-reader.ts';
import { forwardLines } from './output-lines.ts';
import { watchMemory } from './resident-memory.ts';

export interface EngineLogger {
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
  error(fields: object, text: string): void;
}

export interface EngineProcessOptions {
  readonly model: string;
  /** URL of the module whose default export is the model. */
  readonly module: string;
  readonly variant: string;
  readonly options: EngineOptions;
  readonly logger: EngineLogger;
}

/** The wire is the first descriptor after stdin, stdout and stderr. */
const wireDescriptor = 3;

const engineMain = new URL(`../engine/main${import.meta.url.slice(import.meta.url.lastIndexOf('.'))}`, import.meta.url);

/** Starts an engine process and joins it to its replica over one framed socket pair. */
export function startEngineProcess(setup: EngineProcessOptions, listener: EngineListener): Engine {
  const child = spawn(process.execPath, [engineMain.pathname], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    env: engineEnvironment(process.env),
    // A session of its own, so that Ctrl-C at a terminal reaches the gateway only, which then drains.
    detached: true,
    windowsHide: true,
  });
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
    wire.destroy();
    listener.exited(protocolError ?? detail);
  };
  const kill = (): void => void child.kill('SIGKILL');
  const send = (command: Command, bodies: readonly Uint8Array[] = []): void => {
    if (!wire.writable) return;
    wire.cork();
    for (const chunk of encodeFrame(command, bodies)) wire.write(chunk);
    wire.uncork();
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
  child.on('error', (error) => end(`The engine could not be started: ${error.message}`));
  // 'close' comes after the last byte of every pipe, so no answer that was sent is lost.
  child.on('close', (code, signal) => end(signal === null ? `exited with code ${code}` : `ended by ${signal}`));

  send({ type: 'load', module: setup.module, variant: setup.variant, options: setup.options });
  return {
    send: (inputs) =>
      send(
        {
          type: 'send',
          inputs: inputs.map(({ id, payload: { mediaType, params, bytes } }) => ({
            id,
            mediaType,
            params,
            byteLength: bytes.byteLength,
          })),
        },
        inputs.map(({ payload }) => payload.bytes),
      ),
    cancel: (ids) => send({ type: 'cancel', ids }),
    kill,
  };
}
