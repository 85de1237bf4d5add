import styles from './bar-chart.module.css';

/** With more bars than this, their numbers do not fit. */
const maxNumbered = 32;
/** With more bars than this, their names do not fit. */
const maxNamed = 8;

interface BarChartProps {
  readonly values: readonly number[];
  /** A name for each; numbers without. */
  readonly labels?: readonly (string | number)[] | undefined;
}

/** A vector as bars from zero up and down. The largest value stands out. */
export function BarChart({ values, labels }: BarChartProps) {
  const finite = values.map((value) => (Number.isFinite(value) ? value : 0));
  const top = Math.max(0, ...finite);
  const bottom = Math.min(0, ...finite);
  const span = top - bottom || 1;
  const largest = finite.indexOf(Math.max(...finite));
  return (
    <figure className={styles.chart}>
      <figcaption className={styles.caption}>
        Largest: <strong>{labels?.[largest] ?? largest}</strong> ({Number(values[largest]!.toPrecision(4))})
      </figcaption>
      <div
        role="img"
        aria-label={`Bars of ${values.length} values; the largest is ${labels?.[largest] ?? `number ${largest}`}`}
        className={styles.bars}
      >
        {finite.map((value, index) => (
          <span
            key={index}
            className={styles.column}
            data-largest={index === largest}
            title={`${labels?.[index] ?? index}: ${values[index]}`}
          >
            <span className={styles.plot}>
              <span
                className={styles.bar}
                style={{
                  top: `${(100 * (top - Math.max(0, value))) / span}%`,
                  height: `${(100 * Math.abs(value)) / span}%`,
                }}
              />
            </span>
            {values.length <= maxNumbered && (
              <span className={styles.number}>
                {(values.length <= maxNamed ? labels?.[index] : undefined) ?? index}
              </span>
            )}
          </span>
        ))}
      </div>
    </figure>
  );
}
