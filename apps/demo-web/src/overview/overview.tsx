'use client';

import Link from 'next/link';
import { useConnection } from '../connection/connection.tsx';
import styles from './overview.module.css';

/** The served tasks, a card each. */
export function Overview() {
  const { state } = useConnection();
  const tasks = state.phase === 'connected' ? state.models.filter(({ kind }) => kind === 'task') : [];
  return (
    <main className={styles.page}>
      <h1>See what the models see</h1>
      <ul className={styles.cards}>
        {tasks.map((task) => (
          <li key={task.name}>
            <Link href={`/tasks/${task.name}`} className={styles.card}>
              <code>{task.name}</code>
              {task.kind === 'task' && <span>{task.summary}</span>}
            </Link>
          </li>
        ))}
      </ul>
    </main>
  );
}
