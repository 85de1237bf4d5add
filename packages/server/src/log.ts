import { constants, fstatSync, openSync, readlinkSync, type Stats, write, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isatty } from 'node:tty';
import { type DestinationStream, type Logger, pino } from 'pino';
import { prettyFactory } from 'pino-pretty';

/** Lines that cannot be written yet, in UTF-16 units: some thousands of requests. Those that come after are lost. */
const maxBufferedLength = 1024 * 1024;
/** After a failed write, a full disk say, the next attempt is this far away; a terminal that is only busy is tried sooner. */
const retryMs = 1_000;
const busyRetryMs = 50;
/** How long lines are collected: a write for each would cost a busy gateway a tenth of its time. */
const collectMs = 10;
/** How long the exit waits for the reader of the log. */
const flushMs = 500;

/** Lines for machines are JSON; on a terminal they are for people. */
const readable = prettyFactory({
  colorize: true,
  singleLine: true,
  translateTime: 'SYS:HH:MM:ss.l',
  ignore: 'port,requestId,method,path,status,client,model,engine,device,reason,code,lost,traceId,spanId',
});

export interface Log {
  readonly logger: Logger;
  /** Waits until what was logged is written, for as long as that is worth at an exit. */
  readonly flush: () => Promise<void>;
}

/**
 * The log on standard output. Nothing waits for it: a line is buffered and written when the process has nothing else to do,
 * and what a full disk or a reader that has stopped leaves no room for is dropped and counted.
 */
export function createLog(level: string): Log {
  const terminal = isatty(1);
  const destination = new LogDestination(standardOutput(terminal), terminal ? readable : (line) => line, (lost) =>
    logger.warn({ lost }, `${lost} lines of the log were lost: they could not be written`),
  );
  const logger = pino(
    {
      level,
      base: null,
      timestamp,
      formatters: { level: (label: string) => ({ level: label }) },
    },
    destination,
  );
  process.once('exit', () => destination.flushSync());
  return { logger, flush: () => destination.flush() };
}

let second = 0;
let secondText = '';

/** The time in a line. To format it takes half as long as the whole line, so all but the milliseconds is kept for a second. */
function timestamp(): string {
  const now = Date.now();
  const milliseconds = now % 1_000;
  if (now - milliseconds !== second) {
    second = now - milliseconds;
    secondText = new Date(second).toISOString().slice(0, -4);
  }
  return `,"time":"${secondText}${String(milliseconds).padStart(3, '0')}Z"`;
}

/** Tells people something beside the log. A standard error that cannot be written is no reason to end. */
export function tell(text: string): void {
  if (process.stderr.listenerCount('error') === 0) process.stderr.on('error', () => {});
  process.stderr.write(text);
}

/** Where lines go. */
export interface Output {
  /** Writes some of the chunk, and calls back once with how much of it, in bytes. */
  write(chunk: Buffer, done: (error: NodeJS.ErrnoException | null, written: number) => void): void;
  /** Writes what it can without waiting. */
  writeNow(chunk: Buffer): void;
  /** Nothing will ever be written again. */
  readonly closed: boolean;
}

/** Lines on their way to an output, in order, at most so many; one write at a time. */
export class LogDestination implements DestinationStream {
  readonly #output: Output;
  readonly #format: (line: string) => string;
  readonly #onRecovered: (lost: number) => void;
  /** Lines that no write has taken yet, and the length of these and of the chunk. */
  #lines: string[] = [];
  #length = 0;
  /** What the write that is under way, or the next one, has left to write. */
  #chunk = Buffer.alloc(0);
  #chunkLength = 0;
  #lost = 0;
  #state: 'idle' | 'due' | 'writing' | 'failed' = 'idle';
  /** Resolves the flushes that wait for the end of what is buffered. */
  #waiting: (() => void)[] = [];

  /** @param onRecovered lines are written again, after so many were lost. */
  constructor(output: Output, format: (line: string) => string, onRecovered: (lost: number) => void) {
    this.#output = output;
    this.#format = format;
    this.#onRecovered = onRecovered;
  }

  write(line: string): void {
    if (this.#output.closed || this.#length + line.length > maxBufferedLength) {
      this.#lost += 1;
      return;
    }
    this.#lines.push(line);
    this.#length += line.length;
    if (this.#state !== 'idle') return;
    this.#state = 'due';
    setTimeout(this.#writeDue, collectMs);
  }

  /** Resolves when everything is written, or a write has failed, or it takes too long. */
  async flush(): Promise<void> {
    if (this.#length === 0) return;
    if (this.#state === 'due' || this.#state === 'failed') this.#writeNext();
    await Promise.race([new Promise<void>((written) => this.#waiting.push(written)), sleep(flushMs)]);
  }

  /** For the exit: one attempt, which loses what it cannot write. */
  flushSync(): void {
    const rest = this.#state === 'writing' ? [] : [this.#chunk];
    rest.push(Buffer.from(this.#lines.map(this.#format).join('')));
    this.#chunk = Buffer.alloc(0);
    this.#lines = [];
    this.#length = 0;
    try {
      this.#output.writeNow(Buffer.concat(rest));
    } catch {
      // There is nobody left to tell.
    }
  }

  readonly #writeDue = (): void => {
    if (this.#state === 'due') this.#writeNext();
  };

  readonly #writeNext = (): void => {
    if (this.#chunk.length === 0) {
      if (this.#lines.length === 0) return this.#rest('idle');
      this.#chunk = Buffer.from(this.#lines.map(this.#format).join(''));
      this.#chunkLength = this.#length;
      this.#lines = [];
    }
    this.#state = 'writing';
    this.#output.write(this.#chunk, (error, written) => {
      this.#chunk = this.#chunk.subarray(written);
      if (this.#output.closed) return this.#dropAll();
      if (error !== null) return this.#retryLater(error);
      if (this.#chunk.length > 0) return this.#writeNext();
      this.#forgetChunk();
      if (this.#lines.length === 0 || this.#waiting.length > 0) return this.#writeNext();
      this.#state = 'due';
      setTimeout(this.#writeDue, collectMs);
    });
  };

  #forgetChunk(): void {
    this.#length -= this.#chunkLength;
    this.#chunkLength = 0;
    if (this.#lost === 0) return;
    const lost = this.#lost;
    this.#lost = 0;
    this.#onRecovered(lost);
  }

  #retryLater({ code }: NodeJS.ErrnoException): void {
    this.#rest('failed');
    // A last attempt at the exit does not keep the process alive.
    setTimeout(() => this.#state === 'failed' && this.#writeNext(), code === 'EAGAIN' ? busyRetryMs : retryMs).unref();
  }

  #dropAll(): void {
    this.#lost += this.#lines.length;
    this.#lines = [];
    this.#chunk = Buffer.alloc(0);
    this.#length = 0;
    this.#rest('idle');
  }

  #rest(state: 'idle' | 'failed'): void {
    this.#state = state;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

/** A pipe or a socket is written by the event loop, everything else by the thread pool: none of it holds the loop. */
function standardOutput(terminal: boolean): Output {
  const stats = statsOfOutput();
  if (stats !== undefined && (stats.isFIFO() || stats.isSocket())) return outputToStream(process.stdout);
  return outputToFile(terminal ? ownTerminal() : 1);
}

function statsOfOutput(): Stats | undefined {
  try {
    return fstatSync(1);
  } catch {
    return undefined;
  }
}

function outputToStream(stream: NodeJS.WriteStream): Output {
  // Its reader is gone; the write says so too.
  stream.on('error', () => {});
  return {
    write: (chunk, done) => stream.write(chunk, (error) => done(error ?? null, error == null ? chunk.length : 0)),
    // The loop has made the pipe one that does not block.
    writeNow: (chunk) => void writeSync(1, chunk),
    get closed() {
      return stream.destroyed;
    },
  };
}

const outputToFile = (descriptor: number): Output => ({
  write: (chunk, done) => write(descriptor, chunk, done),
  writeNow: (chunk) => void writeSync(descriptor, chunk),
  closed: false,
});

/**
 * The terminal, opened once more so that a write to one that was stopped with Ctrl-S fails instead of holding a thread, which
 * would keep the process from its exit. The flag is that of the open file, which others share.
 */
function ownTerminal(): number {
  try {
    const { O_WRONLY, O_NONBLOCK, O_NOCTTY } = constants;
    return openSync(readlinkSync('/proc/self/fd/1'), O_WRONLY | O_NONBLOCK | O_NOCTTY);
  } catch {
    return 1;
  }
}
