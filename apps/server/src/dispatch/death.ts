import type { RestartReason } from './observer.ts';
import type { Work } from './work.ts';

/** An engine's end, and the work it had. */
export interface Death {
  readonly reason: RestartReason;
  readonly detail: string;
  /** What it was busy with or about to begin, and so may have died of. */
  readonly running: readonly Work[];
  /** What it had been sent and had not begun, or had begun only when its end was decided. */
  readonly waiting: readonly Work[];
}
