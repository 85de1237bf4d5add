import type { TaskOutput } from '@portico/sdk';
import { memo, useMemo } from 'react';
import { lineHeightOf, pathOf, pointsOf, type Size } from '../../picture/geometry.ts';
import panes from '../../picture/panes.module.css';
import type { Linked } from '../../picture/use-linked.ts';
import styles from './ocr-view.module.css';
import { findWord, wordName } from './words.ts';

type Line = TaskOutput<'ocr'>['lines'][number];

/** Lines of text that are lower than this are outlined finer, in CSS pixels. */
const fineLineHeight = 14;
/** How thin outlines become at most. */
const minFine = 0.3;

interface OcrOverlayProps {
  readonly lines: readonly Line[];
  readonly size: Size;
  /** CSS pixels for each pixel of the picture. */
  readonly scale: number;
  readonly linked: Linked;
  /** The word that stands out: its line and its place in it. */
  readonly word: string | undefined;
}

/** The outlines of the lines, and of their words if there are any, in the coordinates of the picture. */
export function OcrOverlay({ lines, size, scale, linked, word }: OcrOverlayProps) {
  const { active, current, sideProps, overlayRef } = linked;
  const lineHeight = useMemo(() => lineHeightOf(lines.map(({ polygon }) => polygon)), [lines]);
  const pointed = findWord(lines, word);
  return (
    <svg
      ref={overlayRef}
      viewBox={`0 0 ${size.width} ${size.height}`}
      preserveAspectRatio="none"
      role="group"
      aria-label="Lines on the picture"
      style={{ '--fine': Math.min(Math.max((lineHeight * scale) / fineLineHeight, minFine), 1) }}
      className={panes.overlay}
      {...sideProps('overlay')}
    >
      <Halo lines={lines} />
      {active !== undefined && <ActiveHalo line={lines[active]!} />}
      {lines.map((one, index) => (
        <LineShape key={index} line={one} index={index} active={index === active} reachable={index === current} />
      ))}
      <Words lines={lines} />
      {pointed && <polygon points={pointsOf(pointed.polygon)} className={styles.pointedWord} />}
    </svg>
  );
}

/** What keeps the outlines visible on pictures of any colour. */
const Halo = memo(({ lines }: { lines: readonly Line[] }) => {
  const path = useMemo(() => pathOf(lines.map(({ polygon }) => polygon)), [lines]);
  return <path d={path} className={panes.halo} />;
});

/** Around the line that stands out, and thicker on the side on which its text stands: that shows which way it runs. */
function ActiveHalo({ line: { polygon } }: { line: Line }) {
  const [, , right, left] = polygon;
  return (
    <>
      <polygon points={pointsOf(polygon)} className={`${panes.halo} ${panes.activeHalo}`} />
      {right && left && <line x1={left.x} y1={left.y} x2={right.x} y2={right.y} className={styles.baseline} />}
    </>
  );
}

interface LineShapeProps {
  readonly line: Line;
  readonly index: number;
  readonly active: boolean;
  readonly reachable: boolean;
}

const LineShape = memo(({ line, index, active, reachable }: LineShapeProps) => (
  <polygon
    points={pointsOf(line.polygon)}
    role="button"
    aria-label={`Line ${index + 1}: ${line.text}`}
    tabIndex={reachable ? 0 : -1}
    data-index={index}
    data-line={index}
    data-active={active}
    className={panes.shape}
  />
));

const Words = memo(({ lines }: { lines: readonly Line[] }) =>
  lines.flatMap(({ words = [] }, line) =>
    words.map(({ polygon }, word) => (
      <polygon
        key={wordName(line, word)}
        points={pointsOf(polygon)}
        data-index={line}
        data-word={wordName(line, word)}
        className={styles.word}
      />
    )),
  ),
);
