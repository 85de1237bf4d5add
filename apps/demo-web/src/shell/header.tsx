import Link from 'next/link';
import styles from './header.module.css';

/** The name of the product and the way to every part of the page. */
export function Header() {
  return (
    <header className={styles.header}>
      <div className={styles.row}>
        <Link href="/" className={styles.brand}>
          Portico
        </Link>
        <nav aria-label="Main" className={styles.nav}>
          <Link href="/">Tasks</Link>
          <Link href="/tensors">Tensors</Link>
        </nav>
      </div>
    </header>
  );
}
