import { createStore } from '../store.ts';

/** How the last call of this tab went, as the status bar shows it. */
export interface LastCall {
  readonly task: string;
  /** From its start to its end, as this page measured it. */
  readonly durationMs: number;
  /** Milliseconds on the server by phase; empty for a stream. */
  readonly timing: Readonly<Record<string, number>>;
}

export const lastCall = createStore<LastCall | undefined>(undefined);
