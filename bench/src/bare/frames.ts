import type { Socket } from 'node:net';

const headBytes = 8;

/** Frames over one end of a socket pair: length, id, bytes. Those of one turn of the event loop leave together. */
export class Frames {
  readonly #socket: Socket;
  #outbox: Uint8Array[] = [];

  constructor(socket: Socket, onFrame: (id: number, body: Buffer) => void) {
    this.#socket = socket;
    let rest: Buffer = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      const received = rest.byteLength === 0 ? chunk : Buffer.concat([rest, chunk]);
      let at = 0;
      while (received.byteLength - at >= headBytes) {
        const end = at + headBytes + received.readUInt32LE(at);
        if (received.byteLength < end) break;
        onFrame(received.readUInt32LE(at + 4), received.subarray(at + headBytes, end));
        at = end;
      }
      rest = received.subarray(at);
    });
  }

  send(id: number, body: Uint8Array): void {
    const head = Buffer.allocUnsafe(headBytes);
    head.writeUInt32LE(body.byteLength, 0);
    head.writeUInt32LE(id, 4);
    if (this.#outbox.length === 0) setImmediate(() => this.#flush());
    this.#outbox.push(head, body);
  }

  #flush(): void {
    const frames = this.#outbox;
    this.#outbox = [];
    this.#socket.cork();
    for (const frame of frames) this.#socket.write(frame);
    this.#socket.uncork();
  }
}
