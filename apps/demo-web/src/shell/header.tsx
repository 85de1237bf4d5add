'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { lazy, Suspense } from 'react';
import { settingsOpen } from '../connection/settings.ts';
import { Button } from '../controls/button.tsx';
import { Icon } from '../controls/icon.tsx';
import styles from './header.module.css';
import type { Theme } from './theme.ts';
import { ThemeButton } from './theme-button.tsx';

const SettingsDialog = lazy(() => import('./settings-dialog.tsx'));

/** The name of the product, the way to every part of the page, the theme and the settings. */
export function Header({ theme }: { theme: Theme }) {
  const path = usePathname();
  const open = settingsOpen.use();
  const current = (here: boolean): 'page' | undefined => (here ? 'page' : undefined);
  return (
    <header className={styles.header}>
      <a href="#main" className={styles.skip}>
        Skip to the content
      </a>
      <div className={styles.row}>
        <Link href="/" prefetch={false} className={styles.brand}>
          <Mark />
          Portico
        </Link>
        <nav aria-label="Main" className={styles.nav}>
          <Link href="/" prefetch={false} aria-current={current(path === '/' || path.startsWith('/tasks'))}>
            Tasks
          </Link>
          <Link href="/tensors" prefetch={false} aria-current={current(path.startsWith('/tensors'))}>
            Tensors
          </Link>
        </nav>
        <ThemeButton initial={theme} />
        <Button look="quiet" square aria-label="Settings" title="Settings" onClick={() => settingsOpen.set(true)}>
          <Icon name="settings" />
        </Button>
      </div>
      {open && (
        <Suspense>
          <SettingsDialog onClose={() => settingsOpen.set(false)} />
        </Suspense>
      )}
    </header>
  );
}

/** A portico: a roof on three columns. */
function Mark() {
  return (
    <svg width="22" height="22" viewBox="0 0 22 22" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden>
      <path d="M2 8 11 2.5 20 8zM5 8v9m6-9v9m6-9v9M2 19.25h18" strokeLinejoin="round" />
    </svg>
  );
}
