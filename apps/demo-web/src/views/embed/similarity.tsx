import type { CSSProperties } from 'react';
import { closestPair, cosine } from './cosine.ts';
import styles from './similarity.module.css';

/** More texts than this have no place in a table. */
const maxTexts = 40;
/** How much of the accent colour is in the cell of a cosine of 1. More, and its number would be hard to read. */
const fullHeatPercent = 56;

interface SimilarityProps {
  readonly texts: readonly string[];
  /** One per text. */
  readonly vectors: readonly (readonly number[])[];
}

/** The cosine of each two vectors, as a table whose cells are the warmer the closer the texts are. */
export function Similarity({ texts, vectors }: SimilarityProps) {
  const shown = vectors.slice(0, maxTexts);
  const matrix = shown.map((row) => shown.map((column) => cosine(row, column)));
  const closest = closestPair(matrix);
  return (
    <div className={styles.similarity}>
      <div className={styles.head}>
        <h2>Cosine similarity</h2>
        <p role="status" className={styles.summary}>
          {closest !== undefined &&
            `Closest: ${closest[0] + 1} and ${closest[1] + 1}, ${cosineText(matrix[closest[0]]![closest[1]]!)}`}
          {vectors.length > maxTexts && `. The first ${maxTexts} of ${vectors.length} texts.`}
        </p>
      </div>
      <div role="region" aria-label="Cosine similarity" tabIndex={0} className={styles.scroll}>
        <table className={styles.table}>
          <thead>
            <tr>
              <td />
              {shown.map((_, column) => (
                <th key={column} scope="col" title={texts[column]}>
                  {column + 1}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {matrix.map((cosines, row) => (
              <tr key={row}>
                <th scope="row" title={texts[row]}>
                  <span className={styles.label}>
                    <span>{row + 1}</span>
                    <span className={styles.text}>{texts[row]}</span>
                  </span>
                </th>
                {cosines.map((value, column) => (
                  <td
                    key={column}
                    className={styles.cell}
                    data-self={row === column}
                    data-closest={closest?.includes(row) && closest.includes(column) && row !== column}
                    style={heatOf(value)}
                  >
                    {cosineText(value)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

/** Below zero there is no heat: texts that have nothing in common are there, not opposites. */
const heatOf = (value: number): CSSProperties => ({
  '--heat': `${(Math.max(0, Math.min(1, value)) * fullHeatPercent).toFixed(1)}%`,
});

/** Two digits, with a minus that is as wide as a digit, and without one where it rounds to zero. */
const cosineText = (value: number): string => (Math.round(value * 100) / 100 + 0).toFixed(2).replace('-', '−');
