'use client';

import Link from 'next/link';
import { Suspense } from 'react';
import { useConnection } from '../connection/connection.tsx';
import { ConnectionNotice } from '../connection/connection-notice.tsx';
import { healthOf } from '../connection/readiness.ts';
import { viewOf } from '../views/registry.ts';
import styles from './task-page.module.css';
import { Workbench } from './workbench.tsx';

/** The page of any task that the server has. */
export function TaskPage({ name }: { name: string }) {
  const { state } = useConnection();
  const model = state.models.find((model) => model.kind === 'task' && model.name === name);
  const task = model?.kind === 'task' ? model : undefined;
  const health = healthOf(state, 'task', name);
  return (
    <main id="main" className={styles.page}>
      <header className={styles.head}>
        <h1>{name}</h1>
        {(task !== undefined || state.ready === undefined) && (
          <>
            <p className={styles.summary}>{task?.summary ?? '\u00a0'}</p>
            <p className={styles.facts}>
              {task === undefined ? '\u00a0' : [task.variant, task.device, health.detail].filter(Boolean).join(' · ')}
            </p>
          </>
        )}
      </header>
      <ConnectionNotice />
      {task !== undefined ? (
        <Suspense fallback={<Skeleton />}>
          <Workbench key={name} task={task} health={health} />
        </Suspense>
      ) : state.ready === undefined ? (
        <Skeleton />
      ) : (
        <NotServed name={name} />
      )}
    </main>
  );
}

function NotServed({ name }: { name: string }) {
  const { notServed = 'This server has no task of this name.' } = viewOf(name);
  return (
    <p className={styles.missing}>
      {notServed} <Link href="/">See the tasks it has</Link>
    </p>
  );
}

/** As large as the workbench without an input. */
function Skeleton() {
  return (
    <div className={styles.bench} aria-hidden="true">
      <div className={styles.skeleton} />
      <div className={styles.skeleton} />
    </div>
  );
}
