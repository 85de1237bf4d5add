import { memo, useState } from 'react';
import { Button } from '../../controls/button.tsx';
import { Icon } from '../../controls/icon.tsx';
import styles from './segment-list.module.css';
import type { SegmentsProps } from './track.tsx';
import type { Segment } from './waveform.tsx';

/** Longer lists are shown a part at a time. */
const rowsAtOnce = 100;

/** The segments with their times in seconds, as in the output. Each can be played. */
export function SegmentList({ segments, playing, pointed, onPoint, onPlay }: SegmentsProps) {
  const [shown, setShown] = useState(rowsAtOnce);
  if (segments.length === 0) return null;
  return (
    <div role="region" aria-label="Segments" tabIndex={0} className={styles.list}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">#</th>
            <th scope="col">Start (s)</th>
            <th scope="col">End (s)</th>
            <th scope="col">Length (s)</th>
            <th scope="col">Confidence</th>
          </tr>
        </thead>
        <tbody onPointerLeave={() => onPoint(undefined)}>
          {segments.slice(0, shown).map((segment, index) => (
            <Row
              key={segment.start}
              index={index}
              segment={segment}
              playing={index === playing}
              pointed={index === pointed}
              onPoint={onPoint}
              onPlay={onPlay}
            />
          ))}
        </tbody>
      </table>
      {segments.length > shown && (
        <Button onClick={() => setShown(shown + rowsAtOnce)}>{segments.length - shown} more</Button>
      )}
    </div>
  );
}

interface RowProps extends Pick<SegmentsProps, 'onPoint' | 'onPlay'> {
  readonly index: number;
  readonly segment: Segment;
  readonly playing: boolean;
  readonly pointed: boolean;
}

const Row = memo(function Row({ index, segment, playing, pointed, onPoint, onPlay }: RowProps) {
  const { start, end, confidence } = segment;
  return (
    <tr className={styles.row} data-pointed={pointed} data-playing={playing} onPointerEnter={() => onPoint(index)}>
      <th scope="row">
        <button
          type="button"
          className={styles.play}
          aria-label={`${playing ? 'Stop' : 'Play'} segment ${index + 1}`}
          disabled={onPlay === undefined}
          onClick={() => onPlay?.(index, segment)}
        >
          {onPlay !== undefined && <Icon name={playing ? 'pause' : 'play'} />}
          {index + 1}
        </button>
      </th>
      <td>{start.toFixed(3)}</td>
      <td>{end.toFixed(3)}</td>
      <td>{(end - start).toFixed(3)}</td>
      <td>
        <span className={styles.confidence}>
          <span className={styles.bar} style={{ '--share': confidence }} aria-hidden="true" />
          {confidence.toFixed(2)}
        </span>
      </td>
    </tr>
  );
});
