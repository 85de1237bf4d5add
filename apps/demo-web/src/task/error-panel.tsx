import type { PorticoError } from '@portico/sdk';
import styles from './error-panel.module.css';

interface ErrorPanelProps {
  readonly error: PorticoError;
  readonly onRetry: () => void;
}

/** What went wrong with a call, how to find it in the server's log, and a way to try again. */
export function ErrorPanel({ error, onRetry }: ErrorPanelProps) {
  return (
    <section role="alert" className={styles.panel}>
      <h2 className={styles.title}>{error.message}</h2>
      {error.issues.length > 0 && (
        <ul className={styles.issues}>
          {error.issues.map(({ path, message }) => (
            <li key={`${path} ${message}`}>
              <code>{path || 'input'}</code> {message}
            </li>
          ))}
        </ul>
      )}
      <div className={styles.foot}>
        <code>
          {error.code}
          {error.status !== undefined && ` · ${error.status}`}
        </code>
        {error.requestId !== undefined && (
          <span>
            Request <code>{error.requestId}</code>
          </span>
        )}
        <button type="button" className={styles.retry} onClick={onRetry}>
          Retry
        </button>
      </div>
    </section>
  );
}
