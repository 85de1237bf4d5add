import type { Socket } from 'node:net';
import { encodeFrame } from '../wire/frame.ts';
import type { Report } from '../wire/messages.ts';

/** Sends reports to the gateway. */
export class Reporter {
  readonly #wire: Socket;

  constructor(wire: Socket) {
    this.#wire = wire;
  }

  send(report: Report, body?: Uint8Array): void {
    const chunks = encodeFrame(report, body === undefined ? [] : [body]);
    this.#wire.write(chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks));
  }
}
