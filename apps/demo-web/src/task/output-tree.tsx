import { useState } from 'react';
import styles from './output-tree.module.css';

/** Longer lists open a part at a time. */
const itemsAtOnce = 50;
/** How deep the tree is open at first. */
const openDepth = 2;
/** Longer texts are cut. */
const maxTextLength = 400;

/** Any JSON value as a tree that opens and closes. Pictures are shown as such. */
export function OutputTree({ value }: { value: unknown }) {
  return (
    <div className={styles.tree}>
      <Node value={value} depth={0} />
    </div>
  );
}

interface NodeProps {
  readonly name?: string | undefined;
  readonly value: unknown;
  readonly depth: number;
}

function Node({ name, value, depth }: NodeProps) {
  if (typeof value === 'object' && value !== null) return <Branch name={name} value={value} depth={depth} />;
  return (
    <div className={styles.leaf}>
      {name !== undefined && <span className={styles.name}>{name}</span>}
      <Leaf value={value} />
    </div>
  );
}

function Branch({ name, value, depth }: NodeProps & { value: object }) {
  const entries = Object.entries(value);
  const list = Array.isArray(value);
  const [open, setOpen] = useState(depth < openDepth && entries.length <= itemsAtOnce);
  const [shown, setShown] = useState(itemsAtOnce);
  return (
    <details open={open} onToggle={({ currentTarget }) => setOpen(currentTarget.open)} className={styles.branch}>
      <summary className={styles.summary}>
        {name !== undefined && <span className={styles.name}>{name}</span>}
        <span className={styles.size}>{sizeText(entries.length, list)}</span>
      </summary>
      {open && (
        <div className={styles.children}>
          {entries.slice(0, shown).map(([key, child]) => (
            <Node key={key} name={key} value={child} depth={depth + 1} />
          ))}
          {entries.length > shown && (
            <button type="button" className={styles.more} onClick={() => setShown(shown + itemsAtOnce)}>
              {entries.length - shown} more
            </button>
          )}
        </div>
      )}
    </details>
  );
}

const sizeText = (length: number, list: boolean): string =>
  `${length} ${list ? 'item' : 'field'}${length === 1 ? '' : 's'}`;

function Leaf({ value }: { value: unknown }) {
  if (typeof value === 'string' && value.startsWith('data:image/')) {
    return <img src={value} alt="" className={styles.picture} />;
  }
  if (typeof value === 'string') return <span className={styles.text}>{clip(value)}</span>;
  return <span className={styles.value}>{String(value)}</span>;
}

const clip = (text: string): string => (text.length <= maxTextLength ? text : `${text.slice(0, maxTextLength)}…`);
