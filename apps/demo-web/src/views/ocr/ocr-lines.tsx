import type { TaskOutput } from '@portico/sdk';
import { memo } from 'react';
import { confidenceText } from '../../picture/confidence.ts';
import panes from '../../picture/panes.module.css';
import type { Linked } from '../../picture/use-linked.ts';
import styles from './ocr-view.module.css';
import { piecesOf, wordName } from './words.ts';

type Line = TaskOutput<'ocr'>['lines'][number];

interface OcrLinesProps {
  readonly lines: readonly Line[];
  readonly linked: Linked;
  /** The word that stands out. */
  readonly word: string | undefined;
}

/** The lines in reading order. One is reached by Tab, the others from it by the arrow keys. */
export function OcrLines({ lines, linked: { active, current, sideProps, listRef }, word }: OcrLinesProps) {
  return (
    <ol ref={listRef} aria-label="Lines" {...sideProps('list')}>
      {lines.map((line, index) => (
        <li key={index} className={styles.item}>
          <Row
            line={line}
            index={index}
            active={index === active}
            reachable={index === current}
            word={word?.startsWith(`${index}.`) === true ? word : undefined}
          />
        </li>
      ))}
    </ol>
  );
}

interface RowProps {
  readonly line: Line;
  readonly index: number;
  readonly active: boolean;
  readonly reachable: boolean;
  readonly word: string | undefined;
}

const Row = memo(({ line, index, active, reachable, word }: RowProps) => (
  <button type="button" tabIndex={reachable ? 0 : -1} data-index={index} data-active={active} className={panes.row}>
    <span className={panes.number}>{index + 1}</span>
    <span className={styles.text}>
      {line.words === undefined
        ? line.text
        : piecesOf(line.text, line.words).map((piece, place) => (
            <span
              key={place}
              data-word={piece.word === undefined ? undefined : wordName(index, piece.word)}
              data-active={piece.word !== undefined && word === wordName(index, piece.word)}
            >
              {piece.text}
            </span>
          ))}
    </span>
    <span className={panes.confidence}>
      <span className="visually-hidden">confidence </span>
      {confidenceText(line.confidence)}
    </span>
  </button>
));
