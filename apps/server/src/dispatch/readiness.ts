import type { Clock } from './clock.ts';

/** Once ready, a model stays ready this long without a ready replica: a respawn is no reason to leave the load balancer. */
const graceMilliseconds = 10_000;

/** Whether a model may be asked, and if not, why. */
export class Readiness {
  readonly #clock: Clock;
  #everReady = false;
  #readyReplicas = 0;
  #unreadySince = 0;
  #detail = 'starting';

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get readyReplicas(): number {
    return this.#readyReplicas;
  }

  get ready(): boolean {
    if (this.#readyReplicas > 0) return true;
    return this.#everReady && this.#clock.now() - this.#unreadySince < graceMilliseconds;
  }

  /** The last thing that was heard of a replica that is not ready. */
  get detail(): string {
    return this.#detail;
  }

  explain(detail: string): void {
    this.#detail = detail;
  }

  update(readyReplicas: number): void {
    if (this.#readyReplicas > 0 && readyReplicas === 0) this.#unreadySince = this.#clock.now();
    this.#readyReplicas = readyReplicas;
    this.#everReady ||= readyReplicas > 0;
  }
}
