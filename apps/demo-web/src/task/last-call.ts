import { useSyncExternalStore } from 'react';

/** How the last call of this tab went, as the status bar shows it. */
export interface LastCall {
  readonly task: string;
  /** From its start to its end, as this page measured it. */
  readonly durationMs: number;
  /** Milliseconds on the server by phase; empty for a stream. */
  readonly timing: Readonly<Record<string, number>>;
}

const listeners = new Set<() => void>();
let last: LastCall | undefined;

export const useLastCall = (): LastCall | undefined =>
  useSyncExternalStore(
    subscribe,
    () => last,
    () => undefined,
  );

export function reportCall(call: LastCall): void {
  last = call;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
