import { type CSSProperties, type KeyboardEvent, type PointerEvent, useLayoutEffect, useRef, useState } from 'react';
import type { Player } from '../../sound/player.ts';
import { clockText } from '../../sound/time.ts';
import type { Sound } from '../../sound/use-sound.ts';
import { ticksOf, tickStep } from './ticks.ts';
import styles from './track.module.css';
import { usePosition } from './transport.tsx';
import { type Segment, Waveform } from './waveform.tsx';

/** How far apart the times of the axis are at least. */
const minTickPixels = 76;
/** A time that is closer to the end has a line and no text. */
const minLabelPixels = 56;
/** A segment that is narrower on the screen has no number on it. */
const minNumberedPixels = 20;
/** More segments than these have no place on the track; they are in the output below. */
const maxShown = 4_000;
/** Keys move through the recording in about this many steps, or a tenth of them. */
const keySteps = 60;

/** What the track and the list of segments have in common. */
export interface SegmentsProps {
  readonly segments: readonly Segment[];
  /** The number of the segment that is played. */
  readonly playing: number | undefined;
  /** The number of the segment under the pointer. */
  readonly pointed: number | undefined;
  readonly onPoint: (index: number | undefined) => void;
  /** Undefined where the recording cannot be played. */
  readonly onPlay: ((index: number, segment: Segment) => void) | undefined;
}

interface TrackProps extends SegmentsProps {
  readonly sound: Sound;
  readonly duration: number;
}

/** The recording from left to right: its waveform, a lane with the segments, and the time. */
export function Track({ sound, duration, ...segmentsProps }: TrackProps) {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const { segments, playing, pointed } = segmentsProps;
  return (
    <div ref={frame} className={styles.track}>
      <div className={styles.wave}>
        {sound.phase === 'decoded' ? (
          <>
            <Waveform
              peaks={sound.peaks}
              soundDuration={sound.player.duration}
              duration={duration}
              segments={segments}
              marked={pointed ?? playing}
            />
            <Position player={sound.player} duration={duration} />
          </>
        ) : (
          <p className={styles.plain}>{sound.phase === 'decoding' ? 'Decoding…' : 'No waveform'}</p>
        )}
      </div>
      <Lane duration={duration} width={width} {...segmentsProps} />
      <div className={styles.axis} aria-hidden="true">
        {ticksOf(duration, width / minTickPixels).map(({ time, text }) => (
          <span key={time} className={styles.tick} style={{ insetInlineStart: `${(100 * time) / duration}%` }}>
            {(1 - time / duration) * width >= minLabelPixels && text}
          </span>
        ))}
      </div>
    </div>
  );
}

interface LaneProps extends SegmentsProps {
  readonly duration: number;
  readonly width: number;
}

/** The segments for the pointer; the keyboard has those of the list. */
function Lane({ segments, playing, pointed, onPoint, onPlay, duration, width }: LaneProps) {
  return (
    <div className={styles.lane}>
      {segments.slice(0, maxShown).map((segment, index) => {
        const { start, end } = segment;
        const share = (end - start) / duration;
        const style: CSSProperties = { insetInlineStart: `${(100 * start) / duration}%`, width: `${100 * share}%` };
        return (
          <button
            key={start}
            type="button"
            tabIndex={-1}
            className={styles.segment}
            style={style}
            aria-label={`Segment ${index + 1} on the track`}
            title={`${start.toFixed(3)} to ${end.toFixed(3)} s`}
            data-playing={index === playing}
            data-pointed={index === pointed}
            disabled={onPlay === undefined}
            onClick={() => onPlay?.(index, segment)}
            onPointerEnter={() => onPoint(index)}
            onPointerLeave={() => onPoint(undefined)}
          >
            {share * width >= minNumberedPixels && index + 1}
          </button>
        );
      })}
    </div>
  );
}

interface PositionProps {
  readonly player: Player;
  readonly duration: number;
}

/** The cursor, moved by the pointer and by keys. */
function Position({ player, duration }: PositionProps) {
  const position = usePosition(player);
  const seekTo = ({ currentTarget, clientX }: PointerEvent): void => {
    const { left, width } = currentTarget.getBoundingClientRect();
    player.seek(((clientX - left) / width) * duration);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = tickStep(duration, keySteps);
    const targets: Readonly<Record<string, number>> = {
      ArrowLeft: position - step,
      ArrowDown: position - step,
      ArrowRight: position + step,
      ArrowUp: position + step,
      PageDown: position - 10 * step,
      PageUp: position + 10 * step,
      Home: 0,
      End: player.duration,
    };
    if (event.key === ' ' || event.key === 'Enter') {
      if (player.state().playing) player.pause();
      else player.play();
    } else if (Object.hasOwn(targets, event.key)) player.seek(targets[event.key]!);
    else return;
    event.preventDefault();
  };
  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label="Position"
      aria-valuemin={0}
      aria-valuemax={Number(duration.toFixed(3))}
      aria-valuenow={Number(position.toFixed(3))}
      aria-valuetext={`${clockText(position, 1)} of ${clockText(duration, 1)}`}
      className={styles.position}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        seekTo(event);
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) seekTo(event);
      }}
    >
      <span className={styles.cursor} style={{ insetInlineStart: `${(100 * position) / duration}%` }} />
    </div>
  );
}

/** The width of an element in CSS pixels. */
function useWidth(element: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    if (element.current === null) return undefined;
    const observer = new ResizeObserver(([entry]) => setWidth(entry?.contentRect.width ?? 0));
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return width;
}
