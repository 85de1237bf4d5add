import type { PorticoError } from '@portico/sdk';
import { Button } from '../controls/button.tsx';
import { CopyButton } from '../controls/copy-button.tsx';
import { Icon } from '../controls/icon.tsx';
import { Notice } from '../controls/notice.tsx';
import styles from './error-panel.module.css';

/** Longer messages are cut, and later mistakes left out. */
const maxMessageLength = 2_000;
const maxIssues = 20;

interface ErrorPanelProps {
  readonly error: PorticoError;
  readonly onRetry: () => void;
}

/** What went wrong with a call, what to do about it, and how to find it in the server's log. */
export function ErrorPanel({ error, onRetry }: ErrorPanelProps) {
  const { code, status, message, issues, requestId, retryAfterSeconds } = error;
  // The message names the first issue.
  const others = issues.slice(0, maxIssues).filter((issue) => !message.includes(issue.message));
  return (
    <Notice
      tone="bad"
      title={message.slice(0, maxMessageLength)}
      actions={
        <Button onClick={onRetry}>
          <Icon name="retry" />
          Retry
        </Button>
      }
    >
      {others.length > 0 && (
        <ul>
          {others.map((issue) => (
            <li key={`${issue.path} ${issue.message}`}>
              <code>{issue.path || 'input'}</code>: {issue.message}
            </li>
          ))}
        </ul>
      )}
      {code === 'NETWORK' && status === undefined && <p>Retry when the status bar says that the server is ready.</p>}
      {code === 'UNAUTHORIZED' && <p>Enter a valid API key in the settings.</p>}
      <p className={styles.facts}>
        <code>{status === undefined ? code : `${status} ${code}`}</code>
        {retryAfterSeconds !== undefined && <span>Retry after {retryAfterSeconds} s</span>}
        {requestId !== undefined && (
          <span className={styles.request}>
            Request <code>{requestId}</code>
            <CopyButton text={requestId} label="Copy ID" />
          </span>
        )}
      </p>
    </Notice>
  );
}
