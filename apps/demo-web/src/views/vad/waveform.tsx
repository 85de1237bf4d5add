import type { TaskItem } from '@portico/sdk';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { type Peaks, peakBetween } from '../../sound/peaks.ts';
import styles from './track.module.css';

/** A quiet recording is drawn larger, but not as if its noise were loud. */
const minScale = 0.1;
/** The part of the height that the loudest sample takes. */
const fillOfHeight = 0.92;
/** How strongly segments are tinted behind the wave, and the marked one. */
const tint = { segment: 0.1, marked: 0.24 };

export type Segment = TaskItem<'vad'>;

interface WaveformProps {
  readonly peaks: Peaks;
  /** What the peaks cover, in seconds. */
  readonly soundDuration: number;
  /** What the whole width stands for, in seconds. */
  readonly duration: number;
  readonly segments: readonly Segment[];
  /** The number of the segment that is emphasised. */
  readonly marked: number | undefined;
}

/** The waveform, in the accent colour where there is speech. */
export function Waveform({ peaks, soundDuration, duration, segments, marked }: WaveformProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useDeviceSize(canvas);
  const theme = useSyncExternalStore(subscribeToTheme, () => themeNow());

  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!canvas.current || !context || size === undefined) return;
    canvas.current.width = size.width;
    canvas.current.height = size.height;
    const { color: quiet, borderTopColor: speech } = getComputedStyle(canvas.current);
    const { width, height } = size;
    const pixels = width / duration;

    context.fillStyle = speech;
    for (const [index, { start, end }] of segments.entries()) {
      context.globalAlpha = index === marked ? tint.marked : tint.segment;
      context.fillRect(start * pixels, 0, (end - start) * pixels, height);
    }
    context.globalAlpha = 1;
    const loudest = Math.max(minScale, ...peakBetween(peaks, 0, peaks.high.length).map(Math.abs));
    const partsPerPixel = (peaks.high.length * duration) / soundDuration / width;
    const middle = height / 2;
    let next = 0;
    for (let column = 0; column < width; column += 1) {
      const time = (column + 0.5) / pixels;
      while (next < segments.length && segments[next]!.end < time) next += 1;
      context.fillStyle = next < segments.length && segments[next]!.start <= time ? speech : quiet;
      const [low, high] = peakBetween(peaks, column * partsPerPixel, (column + 1) * partsPerPixel);
      const scale = (middle * fillOfHeight) / loudest;
      // Silence is a line of one CSS pixel.
      const top = Math.min(middle - high * scale, middle - devicePixelRatio / 2);
      const bottom = Math.max(middle - low * scale, middle + devicePixelRatio / 2);
      context.fillRect(column, top, 1, bottom - top);
    }
  }, [peaks, soundDuration, duration, segments, marked, size, theme]);

  return <canvas ref={canvas} className={styles.canvas} aria-hidden="true" />;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The size of an element in pixels of the screen; it changes with zoom and when the window moves to another screen too. */
function useDeviceSize(element: { readonly current: HTMLElement | null }): Size | undefined {
  const [size, setSize] = useState<Size>();
  useEffect(() => {
    if (element.current === null) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      // Safari knows CSS pixels only.
      const exact = entry?.devicePixelContentBoxSize?.[0];
      const { width = 0, height = 0 } = entry?.contentRect ?? {};
      setSize({
        width: exact?.inlineSize ?? Math.round(width * devicePixelRatio),
        height: exact?.blockSize ?? Math.round(height * devicePixelRatio),
      });
    });
    try {
      observer.observe(element.current, { box: 'device-pixel-content-box' });
    } catch {
      observer.observe(element.current);
    }
    return () => observer.disconnect();
  }, [element]);
  return size;
}

const prefersDark = (): MediaQueryList => matchMedia('(prefers-color-scheme: dark)');

/** Whatever the colours depend on. */
const themeNow = (): string => `${document.documentElement.dataset['theme']} ${prefersDark().matches}`;

function subscribeToTheme(listener: () => void): () => void {
  const toggle = new MutationObserver(listener);
  toggle.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  const system = prefersDark();
  system.addEventListener('change', listener);
  return () => {
    toggle.disconnect();
    system.removeEventListener('change', listener);
  };
}
