import type { Socket } from 'node:net';

/** What a client has to take of a response, on average, so that reading a byte now and then is not progress. */
const minBytesPerSecond = 1024;

/** The part of a socket that says how much has left it. Node has no public name for it. */
interface Handle {
  readonly bytesWritten?: number;
  readonly writeQueueSize?: number;
}

/** How long the client of a connection has been taking less of a response than it has to. Whoever asks looks first. */
export class WriteProgress {
  readonly #socket: Socket;
  /** The last time at which the client had taken enough, and what it had taken then. */
  #last: { readonly at: number; readonly bytes: number } | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Compares what has been taken; call it now and then. */
  look(now: number): void {
    // Nothing waits for the client.
    if (this.#socket.writableLength === 0) {
      this.#last = undefined;
      return;
    }
    const bytes = takenBytes(this.#socket);
    const last = this.#last;
    if (last === undefined || bytes - last.bytes >= (minBytesPerSecond * (now - last.at)) / 1000)
      this.#last = { at: now, bytes };
  }

  /** Since when too little has been taken, in the time of `look`. */
  stalledMs(now: number): number {
    return this.#last === undefined ? 0 : now - this.#last.at;
  }
}

/** What the system has taken. Without the handle, a piece counts only when all of it has been taken. */
function takenBytes(socket: Socket): number {
  const { bytesWritten, writeQueueSize } = (socket as Socket & { readonly _handle?: Handle | null })._handle ?? {};
  return bytesWritten === undefined || writeQueueSize === undefined
    ? socket.bytesWritten - socket.writableLength
    : bytesWritten - writeQueueSize;
}
