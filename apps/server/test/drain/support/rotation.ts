import { get } from 'node:http';

const checkEveryMs = 100;
const checkTimeoutMs = 2_000;
/** One good check puts a backend in, this many bad ones in a row take it out: what makes load balancers lag behind. */
const badChecksAllowed = 1;

/** One server behind the proxy, in or out of rotation by what its `/ready` says to checks on connections of their own. */
export class Rotation {
  readonly port: number;
  #in = false;
  #bad = 0;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(port: number) {
    this.port = port;
    this.#check();
  }

  get isIn(): boolean {
    return this.#in;
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #check(): void {
    let reported = false;
    const report = (good: boolean): void => {
      if (reported) return;
      reported = true;
      this.#bad = good ? 0 : this.#bad + 1;
      if (good) this.#in = true;
      else if (this.#bad > badChecksAllowed) this.#in = false;
      if (!this.#stopped) this.#timer = setTimeout(() => this.#check(), checkEveryMs);
    };
    const request = get({ host: '127.0.0.1', port: this.port, path: '/ready', agent: false }, (response) => {
      response.resume();
      report(response.statusCode === 200);
    });
    request.setTimeout(checkTimeoutMs, () => request.destroy());
    request.on('error', () => report(false));
    request.on('close', () => report(false));
  }
}
