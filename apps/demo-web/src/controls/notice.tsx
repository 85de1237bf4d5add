import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';
import styles from './notice.module.css';

interface NoticeProps {
  /** bad: something has failed. warn: something may. */
  readonly tone: 'bad' | 'warn';
  readonly title: string;
  readonly children?: ReactNode;
  /** Buttons. */
  readonly actions?: ReactNode;
}

/** Says what is wrong and what to do about it. Screen readers read an error at once. */
export function Notice({ tone, title, children, actions }: NoticeProps) {
  return (
    <section role={tone === 'bad' ? 'alert' : 'status'} data-tone={tone} className={styles.notice}>
      <span className={styles.icon}>
        <Icon name="warning" />
      </span>
      <div className={styles.text}>
        <p className={styles.title}>{title}</p>
        {children}
      </div>
      {actions !== undefined && <div className={styles.actions}>{actions}</div>}
    </section>
  );
}
