import { type ReactNode, useEffect, useRef, useState } from 'react';
import { maxShownWidth, type Size, turnedSize } from './geometry.ts';
import styles from './picture.module.css';

/** A page that is turned by less than this is as good as upright. */
const minTurnDegrees = 1;

/** How a picture is shown. */
export interface Shown {
  /** CSS pixels for each pixel of the picture; 0 before it is known. */
  readonly scale: number;
  /** CSS pixels to the left and to the right of the picture. */
  readonly margin: number;
}

interface PictureProps {
  readonly url: string;
  readonly name: string;
  /** Of the upright original, if it is known already; or else the picture's own is used. */
  readonly size: Size | undefined;
  /** How far the picture has to be turned clockwise to be upright; it can be then. */
  readonly angle?: number | undefined;
  /** The result is of other parameters than the form shows, or about to be replaced. */
  readonly busy: boolean;
  /** What came of it, in a few words; they are announced. */
  readonly summary: string | undefined;
  /** What is pointed at; it is shown in place of the summary. */
  readonly readout?: string | undefined;
  /** Drawn over the picture, on all of its area. */
  readonly children?: (size: Size, shown: Shown) => ReactNode;
}

/** A picture with something drawn on it, in a frame whose size does not depend on the picture. */
export function Picture({ url, name, size, angle = 0, busy, summary, readout, children }: PictureProps) {
  const [loaded, setLoaded] = useState<{ readonly url: string; readonly size: Size | 'unknown' }>();
  const [actualSize, setActualSize] = useState(false);
  const [upright, setUpright] = useState(false);
  const frame = useRef<HTMLDivElement>(null);
  const own = loaded?.url === url ? loaded.size : undefined;
  const shown = size ?? (own === 'unknown' ? undefined : own);
  const turn = upright ? angle : 0;
  const outer = shown && turnedSize(shown, turn);
  const { width, margin } = useExtent(frame, outer !== undefined);

  return (
    <figure className={styles.figure} aria-busy={busy}>
      <div
        className={styles.stage}
        data-scroller={actualSize ? '' : undefined}
        data-actual={actualSize}
        {...(actualSize && { tabIndex: 0, role: 'region', 'aria-label': `${name}, in its actual size` })}
      >
        <div
          ref={frame}
          className={styles.frame}
          hidden={outer === undefined && own !== undefined}
          style={
            outer && {
              '--width': outer.width,
              '--ratio': outer.width / outer.height,
              '--max-width': `${maxShownWidth(outer)}px`,
            }
          }
        >
          <div
            className={styles.sheet}
            style={
              outer &&
              shown && {
                width: `${(100 * shown.width) / outer.width}%`,
                height: `${(100 * shown.height) / outer.height}%`,
                rotate: `${turn}deg`,
              }
            }
          >
            {own === 'unknown' ? (
              <p className={styles.missing}>No preview: this browser cannot show the file.</p>
            ) : (
              <img
                src={url}
                alt={name}
                className={styles.image}
                onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) =>
                  setLoaded({ url, size: { width: naturalWidth, height: naturalHeight } })
                }
                onError={() => setLoaded({ url, size: 'unknown' })}
              />
            )}
            {shown && outer && children?.(shown, { scale: width / outer.width, margin })}
          </div>
        </div>
        {own === 'unknown' && shown === undefined && (
          <p className={styles.missing}>No preview: this browser cannot show the file.</p>
        )}
      </div>
      <figcaption className={styles.caption}>
        <p className={styles.readout} aria-hidden="true">
          {readout ?? summary}
        </p>
        <p role="status" className="visually-hidden">
          {summary}
        </p>
        {Math.abs(angle) >= minTurnDegrees && (
          <button type="button" aria-pressed={upright} onClick={() => setUpright(!upright)} className={styles.toggle}>
            Turn upright
          </button>
        )}
        <button
          type="button"
          aria-pressed={actualSize}
          onClick={() => setActualSize(!actualSize)}
          className={styles.toggle}
        >
          Actual size
        </button>
      </figcaption>
    </figure>
  );
}

/** How wide an element is and how much room there is on each side of it, in CSS pixels; it follows changes. */
function useExtent(element: { readonly current: Element | null }, there: boolean): { width: number; margin: number } {
  const [extent, setExtent] = useState({ width: 0, margin: 0 });
  useEffect(() => {
    const observed = element.current;
    const around = observed?.parentElement;
    if (!there || !observed || !around) return undefined;
    const observer = new ResizeObserver(() => {
      const { clientWidth: width } = observed;
      setExtent({ width, margin: Math.max(0, (around.clientWidth - width) / 2) });
    });
    observer.observe(observed);
    observer.observe(around);
    return () => observer.disconnect();
  }, [element, there]);
  return extent;
}
