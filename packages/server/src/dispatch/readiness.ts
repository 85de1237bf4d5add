import type { LoadProgress } from '@portico/schemas';
import type { LoadReport } from '../inference.ts';
import { remainingInWords } from './dispatch-log.ts';
import type { Clock } from './engine.ts';

/** Once ready, a model stays ready this long without a ready replica: a respawn is no reason to leave the load balancer. */
const unreadyGraceMs = 10_000;

type Stage = Omit<LoadReport, 'stage'> & { readonly stage: LoadProgress['stage'] };

/** Whether a model takes requests, and if not, why and how far it is. */
export class Readiness {
  readonly #clock: Clock;
  #everReady = false;
  #readyReplicas = 0;
  /** When it began to load, or lost its last replica. */
  #unreadySince: number;
  #stage: Stage = { stage: 'waiting', detail: 'starting' };
  #stageSince: number;
  /** Why the last attempt ended; a new one that is under way does not make it unimportant. */
  #failure: string | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#unreadySince = clock.now();
    this.#stageSince = clock.now();
  }

  get readyReplicas(): number {
    return this.#readyReplicas;
  }

  get ready(): boolean {
    if (this.#readyReplicas > 0) return true;
    return this.#everReady && this.#clock.now() - this.#unreadySince < unreadyGraceMs;
  }

  /** A load has failed, and none has succeeded. */
  get failedToLoad(): boolean {
    return !this.#everReady && this.#failure !== undefined;
  }

  /** The latest report of a replica that is not ready, its estimate, and why the previous one failed. */
  get detail(): string {
    const { detail } = this.#stage;
    const text = detail + remainingInWords(this.#remainingMs());
    if (this.#failure === undefined || this.#failure === detail) return text;
    return `${text}; the previous attempt: ${this.#failure}`;
  }

  /** Undefined while the model is ready. */
  get progress(): LoadProgress | undefined {
    if (this.ready) return undefined;
    const { stage, detail, file = null } = this.#stage;
    const remainingMs = this.#remainingMs();
    return {
      stage,
      detail,
      elapsedSeconds: seconds(this.#clock.now() - this.#unreadySince),
      remainingSeconds: remainingMs === undefined ? null : seconds(remainingMs),
      file,
      error: this.#failure ?? null,
    };
  }

  /** An estimate that has run out was wrong, so there is none. */
  #remainingMs(): number | undefined {
    const { remainingMs = -1 } = this.#stage;
    const leftMs = remainingMs - (this.#clock.now() - this.#stageSince);
    return leftMs < 0 ? undefined : leftMs;
  }

  waitForOthers(): void {
    this.#enter({ stage: 'waiting', detail: 'waiting for other models to load' });
  }

  /** An engine process has been started. Until it reports, the failure of the previous one says more. */
  launched(): void {
    if (this.#stage.stage === 'waiting') this.#enter({ stage: 'starting', detail: 'starting' });
  }

  report(report: LoadReport): void {
    if (report.isFinding !== true) this.#enter(report);
  }

  reportFailure(detail: string): void {
    this.#enter({ stage: 'failed', detail });
    this.#failure = detail;
  }

  update(readyReplicas: number): void {
    if (this.#readyReplicas > 0 && readyReplicas === 0) this.#unreadySince = this.#clock.now();
    this.#readyReplicas = readyReplicas;
    this.#everReady ||= readyReplicas > 0;
    if (readyReplicas > 0) this.#failure = undefined;
  }

  #enter(stage: Stage): void {
    this.#stage = stage;
    this.#stageSince = this.#clock.now();
  }
}

/** To a tenth. */
const seconds = (milliseconds: number): number => Math.round(milliseconds / 100) / 10;

/** Why a model takes no requests, as a sentence, whatever its detail ends with. */
export const notReadySentence = (model: string, detail: string): string =>
  asSentence(`Model ${model} is not ready: ${detail.trim()}`);

/** The text with a full stop, whatever it ends with. */
export function asSentence(text: string): string {
  const sentence = text.trim().replace(/[:;,]$/, '');
  return /[.!?…]["')\]]?$/.test(sentence) ? sentence : `${sentence}.`;
}
