import { useEffect, useState } from 'react';
import { Button } from '../controls/button.tsx';
import styles from './run-bar.module.css';
import type { Call } from './use-call.ts';

/** Between two readings of the clock, in milliseconds. */
const tickMs = 100;

interface RunBarProps {
  readonly call: Call | undefined;
  readonly running: boolean;
  /** Why the model is not ready. */
  readonly waitingFor: string;
  readonly disabled: boolean;
  readonly onRun: () => void;
  readonly onCancel: () => void;
}

/** Runs or cancels, and says what happens meanwhile. */
export function RunBar({ call, running, waitingFor, disabled, onRun, onCancel }: RunBarProps) {
  const phase = running && call !== undefined ? <Phase call={call} waitingFor={waitingFor} /> : resultOf(call);
  return (
    <div className={styles.bar}>
      {running ? (
        <Button onClick={onCancel} className={styles.button}>
          Cancel
        </Button>
      ) : (
        <Button look="primary" onClick={onRun} disabled={disabled} className={styles.button}>
          Run
        </Button>
      )}
      <progress
        className={styles.progress}
        aria-label="Progress"
        data-running={running}
        {...(call?.phase === 'sending' && call.sent > 0 ? { value: call.sent } : running ? {} : { value: 0 })}
      />
      <p className={styles.phase}>{phase}</p>
    </div>
  );
}

function Phase({ call: { phase, sent, retry, startedAt, items }, waitingFor }: { call: Call; waitingFor: string }) {
  const seconds = useSeconds(startedAt);
  if (phase === 'waiting') return `Waiting for the model: ${waitingFor}`;
  if (retry !== undefined)
    return `${retry.error.message} Retry ${retry.retry} after ${(retry.delayMs / 1_000).toFixed(1)} s`;
  if (phase === 'sending' && sent > 0) return `Sending, ${Math.round(sent * 100)} %`;
  const arrived = items.length === 0 ? '' : `, ${items.length} item${items.length === 1 ? '' : 's'}`;
  return `Running, ${seconds.toFixed(1)} s${arrived}`;
}

/** Seconds since then, read again and again. */
function useSeconds(startedAt: number): number {
  const [now, setNow] = useState(startedAt);
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), tickMs);
    return () => clearInterval(timer);
  }, []);
  return Math.max(0, now - startedAt) / 1_000;
}

/** How the last call ended; a failed one has a panel of its own. */
function resultOf(call: Call | undefined): string {
  if (call?.phase === 'done') return `Done in ${call.durationMs?.toFixed(0)} ms`;
  if (call?.phase === 'cancelled') return 'Cancelled';
  return call?.phase === 'failed' ? 'Failed' : '\u00a0';
}
