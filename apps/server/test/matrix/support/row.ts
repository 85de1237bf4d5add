import type { Door } from '../../drain/support/doors.ts';
import type { ServerProcess } from '../../harness/server-process.ts';
import type { Outcomes } from './clients.ts';
import type { Footprint } from './footprint.ts';

/** One fault: where it strikes and what may come of it. */
export interface Row {
  /** Also what the row is run alone by; letters, digits, blanks and hyphens only. */
  readonly name: string;
  /** Why it cannot be tried here. */
  readonly skipped?: string | undefined;
  /** Whom the model that is struck serves meanwhile. */
  readonly clients: Door;
  /** That model as MODEL_NAME has it. */
  readonly model: string;
  readonly environment?: (() => Promise<NodeJS.ProcessEnv>) | undefined;
  /** Done before the footprint is taken: heaps keep what a first time has cost. */
  readonly rehearse?: (server: ServerProcess) => Promise<void>;
  /** Strikes, and resolves when there is nothing more to come. */
  readonly strike: (scene: Scene) => Promise<void>;
  /** What the clients may see beside 200. */
  readonly allowed?: readonly string[];
  /** What the requests see that bring the fault about. */
  readonly culprit?: readonly string[];
  /** The fault is of the gateway, which the other model shares. */
  readonly shared?: boolean;
  readonly tidy?: (() => Promise<void>) | undefined;
}

export interface Scene {
  readonly server: ServerProcess;
  /** Counts what a request saw that brought the fault about. */
  readonly culprit: (outcome: string) => void;
  /** The moment of the fault, where it is not the beginning of the strike. */
  readonly struck: () => void;
  /** Starts the server again that has ended, on the same port. */
  readonly restart: () => Promise<void>;
}

/** What a row has shown. */
export interface Finding {
  readonly name: string;
  readonly clients: Outcomes;
  readonly culprit: Outcomes;
  readonly recoveryMs: number;
  readonly other: Outcomes;
  readonly otherSlowestMs: number;
  readonly before: Footprint;
  readonly after: Footprint;
}
