import { memo, useEffect, useMemo, useState } from 'react';
import { SaveButton } from '../controls/save-button.tsx';
import styles from './fallback-view.module.css';
import { Media } from './media.tsx';
import { bytesOf, fileNameOf, type ProducedBytes, producedIn } from './produced-bytes.ts';
import type { ViewProps } from './view.ts';

/** Longer items are cut. */
const maxItemLength = 2_000;
/** Of a long stream the latest are shown. */
const maxItemsShown = 100;

/**
 * Any task: its input as it is, the pictures, recordings and other bytes in its output, and what it streams. The output itself is
 * listed below as a tree. The files of a form are shown where they are chosen.
 */
export default function FallbackView({ input, output, items }: ViewProps) {
  const produced = useMemo(() => producedIn(output), [output]);
  return (
    <div className={styles.media}>
      {input.kind === 'file' && <Media mediaType={input.blob.type} url={input.url} label="Input" />}
      {produced.map((bytes) => (
        <Produced key={bytes.field} bytes={bytes} />
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

/** Bytes in the output: to look at, to play, and to save. */
function Produced({ bytes }: { bytes: ProducedBytes }) {
  const { field, mediaType } = bytes;
  const url = useObjectUrl(bytes);
  return (
    <figure className={styles.figure}>
      {url !== undefined && <Media mediaType={mediaType} url={url} label={`Output: ${field}`} />}
      <figcaption className={styles.caption}>
        {field}, {mediaType}
        <SaveButton blob={() => bytesOf(bytes)} name={fileNameOf(bytes)}>
          Save<span className="visually-hidden"> {field}</span>
        </SaveButton>
      </figcaption>
    </figure>
  );
}

/** An address of bytes: players cannot seek in a data URL. Pictures stay what they are. */
function useObjectUrl(bytes: ProducedBytes): string | undefined {
  const [url, setUrl] = useState<string>();
  const isPicture = bytes.mediaType.startsWith('image/');
  useEffect(() => {
    if (isPicture) return undefined;
    const created = URL.createObjectURL(bytesOf(bytes));
    setUrl(created);
    return () => URL.revokeObjectURL(created);
  }, [bytes, isPicture]);
  return isPicture ? bytes.dataUrl : url;
}
