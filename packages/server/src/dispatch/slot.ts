import type { CancelTimer } from './engine.ts';
import type { Replica } from './replica.ts';

/** Exits in a row that are followed by an immediate respawn. */
const immediateRespawns = 3;
const initialDelayMs = 1_000;
const maxDelayMs = 30_000;

/** A place for one replica: when its engine exits, another takes its place. */
export interface Slot {
  /**
   * A `candidate` gets jobs once it has loaded, and only then counts; what is `leaving` finishes the jobs it has and is not replaced when
   * its engine exits.
   */
  role: 'serving' | 'candidate' | 'leaving';
  /** Undefined before its turn to load, and in the pause before a respawn. */
  replica: Replica | undefined;
  /** Exits with no finished run between them. */
  exitsInARow: number;
  /** It has had a replica that was ready. */
  hasServed: boolean;
  cancelRespawn: CancelTimer;
  leaveGate: () => void;
  /** Called once for a candidate: with why it is none any more, or with undefined when it serves. */
  onSettled: (detail?: string) => void;
}

export const newSlot = (role: Slot['role'], onSettled: Slot['onSettled'] = () => {}): Slot => ({
  role,
  replica: undefined,
  exitsInARow: 0,
  hasServed: false,
  cancelRespawn: () => {},
  leaveGate: () => {},
  onSettled,
});

/** Milliseconds to wait before the next respawn, after so many exits with no success between them. */
export function respawnDelay(exitsInARow: number): number {
  if (exitsInARow <= immediateRespawns) return 0;
  return Math.min(maxDelayMs, initialDelayMs * 2 ** (exitsInARow - immediateRespawns - 1));
}
