'use client';

import type { GpuStatus } from '@portico/sdk';
import { lazy, Suspense, useState } from 'react';
import { useConnection, type ServerState, versionOf } from '../connection/connection.tsx';
import { healthOf } from '../connection/readiness.ts';
import { Icon } from '../controls/icon.tsx';
import { lastCall } from '../task/last-call.ts';
import { TimingBar } from '../task/timing-bar.tsx';
import styles from './status-bar.module.css';

const StatusTable = lazy(() => import('./status-table.tsx'));

/** The server at a glance: whether it is ready, its models and GPUs, and how the last call went. Opens into a table. */
export function StatusBar() {
  const { url, state } = useConnection();
  const [open, setOpen] = useState(false);
  const summary = summaryOf(state);
  return (
    <footer className={styles.bar}>
      {open && (
        <section id="status-details" aria-label="Models and devices" className={styles.details} tabIndex={0}>
          <Suspense>
            <StatusTable />
          </Suspense>
        </section>
      )}
      <p role="status" className="visually-hidden">
        {`Server: ${summary.text}`}
      </p>
      <div className={styles.row}>
        <button
          type="button"
          className={styles.summary}
          aria-expanded={open}
          aria-controls={open ? 'status-details' : undefined}
          onClick={() => setOpen(!open)}
        >
          <span className={styles.chevron} data-open={open}>
            <Icon name="chevron" />
          </span>
          <span className={styles.dot} data-tone={summary.tone} />
          <span className={styles.address}>{url.replace(/^https?:\/\//, '')}</span>
          <span className={styles.state}>{summary.text}</span>
        </button>
        <ul className={styles.models} aria-label="Models">
          {state.models.map((model) => {
            const { kind, name, device } = model;
            const health = healthOf(state, kind, name, versionOf(model));
            return (
              <li key={`${kind} ${name} ${versionOf(model)}`} className={styles.model}>
                <span className={styles.dot} data-tone={toneOf[health.state]} />
                <span>{name}</span>
                <span className={styles.muted}>{health.state === 'ready' ? (device ?? '') : health.detail}</span>
              </li>
            );
          })}
        </ul>
        <Gauges gpu={state.gpu} />
        <LastCallBar />
      </div>
    </footer>
  );
}

const toneOf = { ready: 'good', fewer: 'warn', waiting: 'warn', failed: 'bad', unknown: 'none' } as const;

function summaryOf({ phase, ready }: ServerState): { text: string; tone: 'good' | 'warn' | 'bad' | 'none' } {
  if (phase === 'refused') return { text: 'API key needed', tone: 'bad' };
  if (phase === 'lost') return { text: 'No connection', tone: 'bad' };
  if (ready === undefined) return { text: 'Connecting', tone: 'none' };
  if (ready.status === 'ready') return { text: 'Ready', tone: 'good' };
  const serving = ready.models.filter(({ replicas }) => replicas.ready > 0).length;
  return { text: `${serving} of ${ready.models.length} ready`, tone: 'warn' };
}

/** Utilization and memory of each GPU. */
function Gauges({ gpu }: { gpu: GpuStatus | undefined }) {
  if (gpu?.available !== true) return null;
  return (
    <ul className={styles.gauges} aria-label="GPUs">
      {gpu.gpus.map(({ index, name, utilizationPercent, memoryUsedBytes, memoryTotalBytes }) => (
        <li key={index} className={styles.gauge} title={name}>
          <span className={styles.muted}>GPU {index}</span>
          {utilizationPercent !== null && (
            <Gauge
              label={`GPU ${index} utilization`}
              value={utilizationPercent / 100}
              text={`${utilizationPercent} %`}
            />
          )}
          {memoryUsedBytes !== null && memoryTotalBytes !== null && (
            <Gauge
              label={`GPU ${index} memory`}
              value={memoryUsedBytes / memoryTotalBytes}
              text={`${(memoryUsedBytes / 2 ** 30).toFixed(1)} GiB`}
            />
          )}
        </li>
      ))}
    </ul>
  );
}

function Gauge({ label, value, text }: { label: string; value: number; text: string }) {
  return (
    <>
      <meter className={styles.meter} aria-label={label} min={0} max={1} value={value} />
      <span>{text}</span>
    </>
  );
}

function LastCallBar() {
  const last = lastCall.use();
  if (last === undefined) return null;
  const { task, durationMs, timing } = last;
  return (
    <div className={styles.last}>
      <span>{task}</span>
      <TimingBar timing={timing} durationMs={durationMs} />
      <span className={styles.duration}>{durationMs.toFixed(0)} ms</span>
    </div>
  );
}
