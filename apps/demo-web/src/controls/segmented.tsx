import { useId } from 'react';
import styles from './segmented.module.css';

interface SegmentedProps<Value> {
  readonly values: readonly Value[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  /** Names the group, unless an element does that already: then its id as `labelledBy`. */
  readonly label?: string;
  readonly labelledBy?: string;
  readonly describedBy?: string;
  /** @default the value itself */
  readonly labelOf?: (value: Value) => string;
}

/** One of a few values, side by side. */
export function Segmented<Value>({
  values,
  value,
  onChange,
  label,
  labelledBy,
  describedBy,
  labelOf = String,
}: SegmentedProps<Value>) {
  const name = useId();
  return (
    <div
      role="radiogroup"
      aria-label={label}
      aria-labelledby={labelledBy}
      aria-describedby={describedBy}
      className={styles.group}
    >
      {values.map((choice) => (
        <label key={labelOf(choice)} className={styles.choice}>
          <input
            type="radio"
            name={name}
            checked={choice === value}
            onChange={() => onChange(choice)}
            className={styles.radio}
          />
          {labelOf(choice)}
        </label>
      ))}
    </div>
  );
}
