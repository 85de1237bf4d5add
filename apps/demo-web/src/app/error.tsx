'use client';

import { Button } from '../controls/button.tsx';
import { Notice } from '../controls/notice.tsx';
import styles from '../task/task-page.module.css';

/** A defect of this page. */
export default function PageError({ error, reset }: { readonly error: Error; readonly reset: () => void }) {
  return (
    <main id="main" className={styles.page}>
      <h1>This page failed</h1>
      <Notice tone="bad" title="The page itself has a defect" actions={<Button onClick={reset}>Try again</Button>}>
        <p>{error.message}</p>
      </Notice>
    </main>
  );
}
