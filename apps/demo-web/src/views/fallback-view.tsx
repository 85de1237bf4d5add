import { memo, useState } from 'react';
import { isPicture } from '../picture/picture-url.ts';
import styles from './fallback-view.module.css';
import type { ViewProps } from './view.ts';

/** Longer items are cut. */
const maxItemLength = 2_000;
/** Of a long stream the latest are shown. */
const maxItemsShown = 100;

/** Any task: its input as it is, the pictures in its output, and what it streams. The output itself is listed below as a tree. */
export default function FallbackView({ input, output, items }: ViewProps) {
  return (
    <div className={styles.media}>
      {input.kind === 'file' && <Media blob={input.blob} url={input.url} label="Input" />}
      {pictures(output).map(([field, url]) => (
        <figure key={field} className={styles.figure}>
          <img src={url} alt={`Output: ${field}`} className={styles.picture} />
          <figcaption className={styles.caption}>{field}</figcaption>
        </figure>
      ))}
      {items.length > 0 && (
        <figure className={styles.figure}>
          <figcaption className={styles.caption}>
            {items.length} item{items.length === 1 ? '' : 's'}, the latest first
          </figcaption>
          <ol className={styles.items} tabIndex={0} aria-label="Items">
            {items
              .slice(-maxItemsShown)
              .toReversed()
              .map((item, index) => (
                <Item key={items.length - index} item={item} />
              ))}
          </ol>
        </figure>
      )}
    </div>
  );
}

const Item = memo(function Item({ item }: { item: unknown }) {
  const text = textOf(item);
  return <li>{text.length <= maxItemLength ? text : `${text.slice(0, maxItemLength)}…`}</li>;
});

/** What is nested too deep has no text. */
function textOf(item: unknown): string {
  try {
    return JSON.stringify(item) ?? '';
  } catch {
    return '…';
  }
}

function Media({ blob, url, label }: { blob: Blob; url: string; label: string }) {
  const [broken, setBroken] = useState('');
  if (broken === url) return null;
  if (blob.type.startsWith('audio/')) return <audio src={url} controls className={styles.sound} aria-label={label} />;
  if (blob.type.startsWith('image/'))
    return <img src={url} alt={label} className={styles.picture} onError={() => setBroken(url)} />;
  return null;
}

/** The data URLs of pictures at the top of an output. */
function pictures(output: unknown): [string, string][] {
  if (typeof output !== 'object' || output === null || Array.isArray(output)) return [];
  return Object.entries(output).filter((entry): entry is [string, string] => isPicture(entry[1]));
}
