import styles from './bar-chart.module.css';

/** With more bars than this, their numbers do not fit. */
const maxNumbered = 32;

/** A vector as bars from zero up and down. The largest value stands out. */
export function BarChart({ values }: { readonly values: readonly number[] }) {
  const finite = values.map((value) => (Number.isFinite(value) ? value : 0));
  const top = Math.max(0, ...finite);
  const bottom = Math.min(0, ...finite);
  const span = top - bottom || 1;
  const largest = finite.indexOf(Math.max(...finite));
  return (
    <figure className={styles.chart}>
      <figcaption className={styles.caption}>
        Largest: <strong>{largest}</strong> ({Number(values[largest]!.toPrecision(4))})
      </figcaption>
      <div
        role="img"
        aria-label={`Bars of ${values.length} values; the largest is number ${largest}`}
        className={styles.bars}
      >
        {finite.map((value, index) => (
          <span
            key={index}
            className={styles.column}
            data-largest={index === largest}
            title={`${index}: ${values[index]}`}
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
            {values.length <= maxNumbered && <span className={styles.number}>{index}</span>}
          </span>
        ))}
      </div>
    </figure>
  );
}
