import Link from 'next/link';
import styles from '../task/task-page.module.css';

export default function NotFound() {
  return (
    <main id="main" className={styles.page}>
      <h1>Page not found</h1>
      <p className={styles.missing}>
        <Link href="/">See the tasks of this server</Link>
      </p>
    </main>
  );
}
