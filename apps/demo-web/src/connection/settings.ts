import { useSyncExternalStore } from 'react';

/** What a person has typed into the settings. Both stay in the tab. */
export interface Settings {
  /** Instead of the address that the page's server names. */
  readonly url: string;
  readonly apiKey: string;
}

const storageKey = 'portico-settings';
const none: Settings = { url: '', apiKey: '' };

const listeners = new Set<() => void>();
let current: Settings | undefined;

/** The settings of this tab; on the server, none. */
export const useSettings = (): Settings => useSyncExternalStore(subscribe, read, () => none);

export function saveSettings(settings: Settings): void {
  current = settings;
  try {
    sessionStorage.setItem(storageKey, JSON.stringify(settings));
  } catch {
    // A browser that blocks storage keeps the settings until the page is left.
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

function read(): Settings {
  current ??= stored();
  return current;
}

function stored(): Settings {
  try {
    return { ...none, ...(JSON.parse(sessionStorage.getItem(storageKey) ?? '{}') as Partial<Settings>) };
  } catch {
    return none;
  }
}
