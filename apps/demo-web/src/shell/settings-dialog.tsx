import { useState } from 'react';
import { useConnection } from '../connection/connection.tsx';
import { keyFor, problemWith } from '../connection/server-url.ts';
import { saveSettings } from '../connection/settings.ts';
import { Button } from '../controls/button.tsx';
import { Dialog } from '../controls/dialog.tsx';
import styles from './settings-dialog.module.css';

/** The server's address and the API key. */
export default function SettingsDialog({ onClose }: { onClose: () => void }) {
  const connection = useConnection();
  const [address, setAddress] = useState(connection.url);
  const [apiKey, setApiKey] = useState(connection.apiKey);
  const problem = problemWith(address);
  return (
    <Dialog title="Settings" description="Both stay in this tab and are gone when it closes." onClose={onClose}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (problem !== undefined) return;
          const url = new URL(address).href;
          saveSettings({ url, apiKey: keyFor(connection, url, apiKey.trim()) });
          onClose();
        }}
      >
        <label className={styles.field}>
          Server address
          <input
            type="url"
            inputMode="url"
            required
            spellCheck={false}
            value={address}
            aria-invalid={problem !== undefined}
            aria-describedby="address-help"
            onChange={({ target }) => setAddress(target.value)}
          />
          <span id="address-help" className={problem === undefined ? styles.help : styles.problem}>
            {problem ?? 'Include the path prefix if a proxy adds one.'}
          </span>
        </label>
        <label className={styles.field}>
          API key
          <input
            type="password"
            autoComplete="off"
            spellCheck={false}
            value={apiKey}
            aria-describedby="key-help"
            onChange={({ target }) => setApiKey(target.value)}
          />
          <span id="key-help" className={styles.help}>
            Needed only if the server sets API_KEYS. Changing the server clears it.
          </span>
        </label>
        <div className={styles.actions}>
          <Button
            look="quiet"
            onClick={() => {
              saveSettings({ url: '', apiKey: '' });
              onClose();
            }}
          >
            Reset
          </Button>
          <Button type="submit" look="primary">
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
