import type { Clock } from './engine.ts';

/** Once ready, a model stays ready this long without a ready replica: a respawn is no reason to leave the load balancer. */
const unreadyGraceMs = 10_000;

/** Whether a model takes requests, and if not, why. */
export class Readiness {
  readonly #clock: Clock;
  #everReady = false;
  #readyReplicas = 0;
  #unreadySince = 0;
  #detail = 'starting';
  /** Why the last attempt ended; a new one that is under way does not make it unimportant. */
  #failure: string | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get readyReplicas(): number {
    return this.#readyReplicas;
  }

  get ready(): boolean {
    if (this.#readyReplicas > 0) return true;
    return this.#everReady && this.#clock.now() - this.#unreadySince < unreadyGraceMs;
  }

  /** The latest report of a replica that is not ready, and why the one before it did not become so. */
  get detail(): string {
    if (this.#failure === undefined || this.#failure === this.#detail) return this.#detail;
    return `${this.#detail}; the attempt before: ${this.#failure}`;
  }

  explain(detail: string): void {
    this.#detail = detail;
  }

  explainFailure(detail: string): void {
    this.#detail = detail;
    this.#failure = detail;
  }

  update(readyReplicas: number): void {
    if (this.#readyReplicas > 0 && readyReplicas === 0) this.#unreadySince = this.#clock.now();
    this.#readyReplicas = readyReplicas;
    this.#everReady ||= readyReplicas > 0;
    if (readyReplicas > 0) this.#failure = undefined;
  }
}
