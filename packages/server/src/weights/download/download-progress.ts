const everyMs = 1_000;
const seldomMs = 10_000;
const step = 0.05;
/** Less than that in a load's time limit is no progress: the engine is ended for it. */
const worthTellingBytes = 64 * 1024;

/** Tells how far a download is: at its start, every five hundredths, and every ten seconds, but not twice in a second. */
export class DownloadProgress {
  readonly #name: string;
  readonly #tell: (detail: string) => void;
  readonly #now: () => number;
  #toldAt = -Infinity;
  #toldBytes = 0;

  constructor(name: string, tell: (detail: string) => void, now: () => number = () => performance.now()) {
    this.#name = name;
    this.#tell = tell;
    this.#now = now;
  }

  at(bytes: number, total: number | undefined): void {
    const waited = this.#now() - this.#toldAt;
    const more = bytes - this.#toldBytes;
    const far = total !== undefined && more >= total * step;
    if (waited < everyMs || !(far || (waited >= seldomMs && more >= worthTellingBytes))) return;
    this.say(bytes, total);
  }

  say(bytes: number, total: number | undefined): void {
    this.#toldAt = this.#now();
    this.#toldBytes = bytes;
    const of = total === undefined ? '' : ` of ${size(total)} (${Math.floor((100 * bytes) / Math.max(1, total))} %)`;
    this.#tell(`downloading ${this.#name}: ${size(bytes)}${of}`);
  }
}

/** In units of 1000. */
export function size(bytes: number): string {
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}
