import { createStore } from '../store.ts';

/** What a person has typed into the settings. Both stay in the tab. */
export interface Settings {
  /** Instead of the address that the page's server names. */
  readonly url: string;
  readonly apiKey: string;
}

const storageKey = 'portico-settings';
const none: Settings = { url: '', apiKey: '' };

export const settings = createStore(none, stored);
/** Whether the dialog with the settings is open. */
export const settingsOpen = createStore(false);

export function saveSettings(changed: Settings): void {
  try {
    sessionStorage.setItem(storageKey, JSON.stringify(changed));
  } catch {
    // A browser that blocks storage keeps the settings until the page is left.
  }
  settings.set(changed);
}

function stored(): Settings {
  try {
    return { ...none, ...(JSON.parse(sessionStorage.getItem(storageKey) ?? '{}') as Partial<Settings>) };
  } catch {
    return none;
  }
}
