import type { Tensor } from '@portico/sdk';
import { useState } from 'react';
import { CopyButton } from '../controls/copy-button.tsx';
import page from '../task/task-page.module.css';
import { BarChart } from './bar-chart.tsx';
import { countOf, numbersOf, shapeText, valueTexts } from './tensor-values.ts';
import styles from './tensor-output.module.css';

/** How many values are listed. */
const listedValues = 64;
/** A vector of at most this many values is drawn as bars. */
const maxBars = 100;
/** Larger tensors are not copied as text. */
const maxCopiedValues = 100_000;

interface TensorOutputProps {
  readonly tensor: Tensor;
  /** What the columns are, where the model says so. */
  readonly labels: readonly (string | number)[] | undefined;
}

/** One output: its shape, its first values, and bars where it is a vector. */
export function TensorOutput({ tensor, labels }: TensorOutputProps) {
  const { name, datatype, shape, data } = tensor;
  const [softmax, setSoftmax] = useState(false);
  const count = countOf(shape);
  const columns = labels !== undefined && labels.length === shape.at(-1) ? labels : undefined;
  const texts = valueTexts(datatype, data, listedValues);
  const isVector =
    datatype !== 'BOOL' && count > 1 && count <= maxBars && shape.filter((length) => length > 1).length === 1;
  const numbers = isVector ? numbersOf(datatype, data) : undefined;
  return (
    <section aria-label={`Output ${name}`} className={page.panel}>
      <div className={styles.head}>
        <h2 className={styles.name}>{name}</h2>
        <code className={styles.type}>
          {datatype} {shapeText(shape)}
        </code>
        <div className={styles.actions}>
          {numbers !== undefined && datatype.startsWith('FP') && (
            <label className={styles.softmax}>
              <input type="checkbox" checked={softmax} onChange={({ target }) => setSoftmax(target.checked)} />
              Softmax
            </label>
          )}
          {count <= maxCopiedValues && <CopyButton text={() => valueTexts(datatype, data, count).join(', ')} />}
        </div>
      </div>
      {numbers !== undefined && (
        <BarChart
          values={softmax ? softmaxOf(numbers) : numbers}
          labels={labels?.length === count ? labels : undefined}
        />
      )}
      <p className={styles.values} aria-label="Values">
        {texts.map((text, index) => (
          <code key={index}>
            {columns !== undefined && <span className={styles.type}>{columns[index % columns.length]} </span>}
            {text}
          </code>
        ))}
        {count > texts.length && <span className={styles.more}>… {count.toLocaleString('en')} values</span>}
      </p>
    </section>
  );
}

/** Scores as probabilities. The largest is subtracted first, so that no power is infinite. */
function softmaxOf(scores: readonly number[]): number[] {
  const largest = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
