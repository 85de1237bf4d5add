import { memo } from 'react';
import { confidenceText } from '../../picture/confidence.ts';
import { type Box, pathOf, placeCallouts, type Point, type Size } from '../../picture/geometry.ts';
import panes from '../../picture/panes.module.css';
import type { Shown } from '../../picture/picture.tsx';
import type { Linked } from '../../picture/use-linked.ts';
import styles from './faces-view.module.css';
import { type Face, landmarksOf } from './landmarks.ts';

/** How the names of landmarks are set, in CSS pixels. */
const calloutStyle = { gap: 14, lineHeight: 18, width: 60 };
/** With more faces than this only one has its number and confidence at its box. */
const maxTagged = 30;

interface FacesOverlayProps {
  readonly faces: readonly Face[];
  readonly size: Size;
  readonly shown: Shown;
  readonly linked: Linked;
}

/** The boxes and landmarks in the coordinates of the picture, and over them what is written, in CSS pixels. */
export function FacesOverlay({ faces, size, shown, linked }: FacesOverlayProps) {
  const { active, current, sideProps, overlayRef } = linked;
  const { scale } = shown;
  const named = faces[active ?? current];
  return (
    <>
      <svg
        ref={overlayRef}
        viewBox={`0 0 ${size.width} ${size.height}`}
        preserveAspectRatio="none"
        role="group"
        aria-label="Faces on the picture"
        className={panes.overlay}
        {...sideProps('overlay')}
      >
        {faces.map((face, index) => (
          <FaceShape key={index} face={face} index={index} active={index === active} reachable={index === current} />
        ))}
      </svg>
      {scale > 0 && (
        <svg
          viewBox={`0 0 ${size.width * scale} ${size.height * scale}`}
          aria-hidden="true"
          className={`${panes.overlay} ${styles.writing}`}
        >
          {faces.map(
            (face, index) =>
              (faces.length <= maxTagged || face === named) && (
                <Tag key={index} face={face} index={index} scale={scale} active={index === active} />
              ),
          )}
          {named && <Callouts face={named} size={size} shown={shown} />}
        </svg>
      )}
    </>
  );
}

interface FaceShapeProps {
  readonly face: Face;
  readonly index: number;
  readonly active: boolean;
  readonly reachable: boolean;
}

const FaceShape = memo(({ face, index, active, reachable }: FaceShapeProps) => {
  const landmarks = landmarksOf(face);
  return (
    <>
      <path d={pathOf([cornersOf(face.box)])} className={active ? `${panes.halo} ${panes.activeHalo}` : panes.halo} />
      <rect
        {...face.box}
        role="button"
        aria-label={`Face ${index + 1}, confidence ${confidenceText(face.confidence)}`}
        tabIndex={reachable ? 0 : -1}
        data-index={index}
        data-face={index}
        data-active={active}
        className={panes.shape}
      />
      <path d={dots(landmarks)} className={styles.dotHalo} />
      {landmarks.map(({ key, x, y }) => (
        <path key={key} d={dots([{ x, y }])} data-landmark={`${index}.${key}`} className={styles.dot} />
      ))}
    </>
  );
});

const cornersOf = ({ x, y, width, height }: Box): Point[] => [
  { x, y },
  { x: x + width, y },
  { x: x + width, y: y + height },
  { x, y: y + height },
];

/** A line without a length has round ends all the same: a dot that is as large in any size of the picture. */
const dots = (points: readonly Point[]): string => points.map(({ x, y }) => `M${x} ${y}h0`).join('');

function Tag({ face, index, scale, active }: { face: Face; index: number; scale: number; active: boolean }) {
  const y = face.box.y * scale;
  // Above the box, or inside it at the upper edge of the picture.
  return (
    <text x={face.box.x * scale} y={y < 18 ? y + 16 : y - 6} data-active={active} className={styles.tag}>
      {index + 1} · {confidenceText(face.confidence)}
    </text>
  );
}

function Callouts({ face, size, shown: { scale, margin } }: { face: Face; size: Size; shown: Shown }) {
  const box = scaled(face.box, scale);
  const points = landmarksOf(face).map(({ name, x, y }) => ({ name, x: x * scale, y: y * scale }));
  const picture = { width: size.width * scale, height: size.height * scale };
  return placeCallouts(points, box, picture, { ...calloutStyle, margin }).map(({ name, point, at, side }) => (
    <g key={name}>
      <path d={`M${point.x} ${point.y}L${at.x + (side === 'left' ? 4 : -4)} ${at.y}`} className={styles.leaderHalo} />
      <path d={`M${point.x} ${point.y}L${at.x + (side === 'left' ? 4 : -4)} ${at.y}`} className={styles.leader} />
      <text
        x={at.x}
        y={at.y}
        textAnchor={side === 'left' ? 'end' : 'start'}
        dominantBaseline="central"
        className={styles.name}
      >
        {name}
      </text>
    </g>
  ));
}

const scaled = ({ x, y, width, height }: Box, scale: number): Box => ({
  x: x * scale,
  y: y * scale,
  width: width * scale,
  height: height * scale,
});
