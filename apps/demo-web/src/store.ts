import { useSyncExternalStore } from 'react';

/** One value that components of different parts of the page share. */
export interface Store<Value> {
  readonly get: () => Value;
  readonly set: (value: Value) => void;
  /** The value in a component; on the server, the initial one. */
  readonly use: () => Value;
}

/** Creates a store. `load` gives the first value in a browser, where it is needed; without it, that is the initial one. */
export function createStore<Value>(initial: Value, load: () => Value = () => initial): Store<Value> {
  const listeners = new Set<() => void>();
  let state: { readonly value: Value } | undefined;
  const get = (): Value => {
    state ??= { value: load() };
    return state.value;
  };
  const subscribe = (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  return {
    get,
    set(value) {
      state = { value };
      for (const listener of listeners) listener();
    },
    use: () => useSyncExternalStore(subscribe, get, () => initial),
  };
}
