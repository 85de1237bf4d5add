import { memo } from 'react';
import { confidenceText } from '../../picture/confidence.ts';
import { type Box, type Callout, pathOf, placeCallouts, type Point, type Size } from '../../picture/geometry.ts';
import panes from '../../picture/panes.module.css';
import type { Shown } from '../../picture/picture.tsx';
import type { Linked } from '../../picture/use-linked.ts';
import styles from './faces-view.module.css';
import { type Face, landmarksOf } from './landmarks.ts';

/** How the names of landmarks are set, in CSS pixels. */
const calloutStyle = { gap: 14, lineHeight: 18, width: 60 };
/** Space for the line above a box that says which face it is, in CSS pixels. */
const tagHeight = 18;
/** How large the dot at a landmark is, in CSS pixels and as a part of its face. */
const dotSize = { min: 2, max: 5, ofFace: 1 / 18 };
/** Boxes that are smaller than this have finer lines, in CSS pixels. */
const fineBoxSize = 60;
/** How thin lines become at most. */
const minFine = 0.5;
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
  const callouts = named === undefined ? [] : calloutsOf(named, size, shown);
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
          <FaceShape
            key={index}
            face={face}
            index={index}
            scale={scale}
            active={index === active}
            reachable={index === current}
          />
        ))}
      </svg>
      {scale > 0 && (
        <svg
          viewBox={`0 0 ${size.width * scale} ${size.height * scale}`}
          aria-hidden="true"
          className={`${panes.overlay} ${styles.writing}`}
        >
          {faces.map((face, index) => {
            if (faces.length > maxTagged && face !== named) return null;
            const y = tagBaseline(scaled(face.box, scale), face === named ? callouts : []);
            return (
              <text key={index} x={face.box.x * scale} y={y} className={styles.tag}>
                {index + 1} · {confidenceText(face.confidence)}
              </text>
            );
          })}
          <Callouts callouts={callouts} />
        </svg>
      )}
    </>
  );
}

interface FaceShapeProps {
  readonly face: Face;
  readonly index: number;
  readonly scale: number;
  readonly active: boolean;
  readonly reachable: boolean;
}

const FaceShape = memo(({ face, index, scale, active, reachable }: FaceShapeProps) => {
  const width = face.box.width * scale;
  const dot = Math.min(Math.max(width * dotSize.ofFace, dotSize.min), dotSize.max);
  const landmarks = landmarksOf(face);
  return (
    <g style={{ '--dot': `${dot}px`, '--fine': Math.min(Math.max(width / fineBoxSize, minFine), 1) }}>
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
    </g>
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

/** Where the text of a tag stands: above the box and the names beside it, or below them where there is no room. */
function tagBaseline({ y, height }: Box, callouts: readonly Callout[]): number {
  const heights = callouts.map(({ at }) => at.y);
  const top = Math.min(y, ...heights.map((middle) => middle - calloutStyle.lineHeight / 2));
  if (top >= tagHeight) return top - 6;
  return Math.max(y + height, ...heights.map((middle) => middle + calloutStyle.lineHeight / 2)) + tagHeight - 4;
}

function calloutsOf(face: Face, size: Size, { scale, margin }: Shown): Callout[] {
  const points = landmarksOf(face).map(({ name, x, y }) => ({ name, x: x * scale, y: y * scale }));
  const picture = { width: size.width * scale, height: size.height * scale };
  return placeCallouts(points, scaled(face.box, scale), picture, { ...calloutStyle, margin });
}

function Callouts({ callouts }: { callouts: readonly Callout[] }) {
  return callouts.map(({ name, point, at, side }) => {
    const leader = `M${point.x} ${point.y}L${at.x + (side === 'left' ? 4 : -4)} ${at.y}`;
    return (
      <g key={name}>
        <path d={leader} className={styles.leaderHalo} />
        <path d={leader} className={styles.leader} />
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
    );
  });
}

const scaled = ({ x, y, width, height }: Box, scale: number): Box => ({
  x: x * scale,
  y: y * scale,
  width: width * scale,
  height: height * scale,
});
