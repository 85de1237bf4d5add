import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { noteAnswer } from '../../harness/answers.ts';
import { eventually } from '../../harness/server-process.ts';

/** An answer as it came over the wire. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A connection on which a test says every byte itself. */
export class RawConnection implements Disposable {
  readonly socket: Socket;
  readonly #origin: string;
  /** Method and target of requests whose answers have not come. */
  readonly #requests: (readonly [method: string, target: string])[] = [];
  #received = '';
  #taken = 0;

  private constructor(socket: Socket, port: number) {
    this.socket = socket;
    this.#origin = `http://127.0.0.1:${port}`;
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => (this.#received += text));
    // A connection that the server resets is one of the things tests look at.
    socket.on('error', () => {});
  }

  static async open(port: number): Promise<RawConnection> {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    await once(socket, 'connect');
    return new RawConnection(socket, port);
  }

  /** Everything that has come so far. */
  get received(): string {
    return this.#received;
  }

  /** Sends a request's line and headers; a body may follow. */
  request(line: string, headers: Readonly<Record<string, string | number>> = {}, body: string | Uint8Array = ''): void {
    const fields = Object.entries({ host: 'portico', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
    const [method = '', target = ''] = line.split(' ');
    this.#requests.push([method, target]);
    this.socket.write(`${line} HTTP/1.1\r\n${fields.join('')}\r\n`);
    if (body.length > 0) this.socket.write(body);
  }

  /** The next answer, interim ones (1xx) included. */
  async answer(): Promise<RawAnswer> {
    return eventually(async () => {
      const answer = parse(this.#received.slice(this.#taken));
      if (answer === undefined && this.socket.destroyed) throw new Error(`closed after: ${this.#received}`);
      if (answer === undefined) return undefined;
      this.#taken += answer.length;
      const [method, target] = (answer.status >= 200 ? this.#requests.shift() : undefined) ?? [];
      if (method !== undefined && target !== undefined)
        noteAnswer(this.#origin, { ...answer, method, target, headers: new Headers(answer.headers) });
      return answer;
    });
  }

  /** Waits until the server has closed its side, be it with a reset. */
  async closed(): Promise<void> {
    if (this.socket.readableEnded || this.socket.destroyed) return;
    await new Promise((resolve) => this.socket.once('end', resolve).once('close', resolve));
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }
}

function parse(text: string): (RawAnswer & { length: number }) | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [line = '', ...fields] = text.slice(0, end).split('\r\n');
  const headers = Object.fromEntries(fields.map((field) => field.split(/:\s*/, 2)).map(([n = '', v = '']) => [n, v]));
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const length = end + 4 + Number(lower['content-length'] ?? 0);
  if (text.length < length) return undefined;
  return { status: Number(line.split(' ')[1]), headers: lower, body: text.slice(end + 4, length), length };
}
