/** Those who wait for one signal. */
interface Waiting {
  readonly listeners: Set<() => void>;
  readonly fire: () => void;
}

const waitingFor = new WeakMap<AbortSignal, Waiting>();

/**
 * Calls the listener when the signal fires; returns what stops that. However many calls share a signal, it has one listener
 * of theirs: of more than ten, Node warns as of a leak.
 */
export function onAbort(signal: AbortSignal, listen: () => void): () => void {
  const waiting = waitingFor.get(signal) ?? newWaiting();
  const { listeners, fire } = waiting;
  // The same function may wait twice.
  const listener = (): void => listen();
  if (listeners.size === 0) signal.addEventListener('abort', fire, { once: true });
  waitingFor.set(signal, waiting);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) signal.removeEventListener('abort', fire);
  };
}

function newWaiting(): Waiting {
  const listeners = new Set<() => void>();
  return { listeners, fire: () => [...listeners].forEach((listener) => listener()) };
}
