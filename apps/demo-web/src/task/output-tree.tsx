import { memo, useMemo, useState } from 'react';
import { isPicture } from '../picture/picture-url.ts';
import styles from './output-tree.module.css';

/** Longer lists open a part at a time. */
const itemsAtOnce = 50;
/** How deep the tree is open at first. */
const openDepth = 2;
/** Longer texts are cut. */
const maxTextLength = 400;

/** Any JSON value as a tree that opens and closes. Pictures are shown as such. */
export const OutputTree = memo(function OutputTree({ value }: { value: unknown }) {
  return (
    <div className={styles.tree}>
      <Node value={value} depth={0} />
    </div>
  );
});

interface NodeProps {
  readonly name?: string | undefined;
  readonly value: unknown;
  readonly depth: number;
}

function Node({ name, value, depth }: NodeProps) {
  if (typeof value === 'object' && value !== null) return <Branch name={name} value={value} depth={depth} />;
  return (
    <div className={styles.leaf}>
      {name !== undefined && <span className={styles.name}>{clip(name)}</span>}
      <Leaf value={value} />
    </div>
  );
}

function Branch({ name, value, depth }: NodeProps & { value: object }) {
  const list = Array.isArray(value);
  // A list may have millions of items, most of which are never looked at.
  const keys = useMemo(() => (Array.isArray(value) ? undefined : Object.keys(value)), [value]);
  const length = Array.isArray(value) ? value.length : (keys?.length ?? 0);
  const [open, setOpen] = useState(depth < openDepth && length <= itemsAtOnce);
  const [shown, setShown] = useState(itemsAtOnce);
  return (
    <details open={open} onToggle={({ currentTarget }) => setOpen(currentTarget.open)} className={styles.branch}>
      <summary className={styles.summary}>
        {name !== undefined && <span className={styles.name}>{clip(name)}</span>}
        <span className={styles.size}>{sizeText(length, list)}</span>
      </summary>
      {open && (
        <div className={styles.children}>
          {Array.from({ length: Math.min(shown, length) }, (_, index) => keys?.[index] ?? String(index)).map((key) => (
            <Node key={key} name={key} value={(value as Readonly<Record<string, unknown>>)[key]} depth={depth + 1} />
          ))}
          {length > shown && (
            <button type="button" className={styles.more} onClick={() => setShown(shown + itemsAtOnce)}>
              {length - shown} more
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
  if (isPicture(value)) {
    return <img src={value} alt="" className={styles.picture} />;
  }
  if (typeof value === 'string') return <span className={styles.text}>{clip(value)}</span>;
  return <span className={styles.value}>{String(value)}</span>;
}

const clip = (text: string): string => (text.length <= maxTextLength ? text : `${text.slice(0, maxTextLength)}…`);
