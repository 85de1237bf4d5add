import { Slider } from '@base-ui/react/slider';
import { useState } from 'react';
import styles from './before-after.module.css';
import type { Kind } from './segmentation.ts';

interface BeforeAfterProps {
  readonly url: string;
  readonly kind: Kind;
  /** What the result is called. */
  readonly name: string;
}

/** The result over the right part of the picture, up to a handle that is dragged or moved by the arrow keys. */
export function BeforeAfter({ url, kind, name }: BeforeAfterProps) {
  const [percent, setPercent] = useState(50);
  return (
    <div className={styles.layers} style={{ '--split': `${percent}%` }}>
      <img src={url} alt={name} data-kind={kind} className={styles.after} />
      <Slider.Root
        value={percent}
        onValueChange={setPercent}
        largeStep={10}
        thumbAlignment="center"
        className={styles.slider}
      >
        <Slider.Control className={styles.control}>
          <Slider.Track className={styles.track}>
            <Slider.Thumb
              className={styles.thumb}
              getAriaLabel={() => 'Before and after'}
              getAriaValueText={(_, value) => `${value} % of the original`}
            />
          </Slider.Track>
        </Slider.Control>
      </Slider.Root>
      <span aria-hidden="true" className={styles.original} data-hidden={percent < 12}>
        Original
      </span>
      <span aria-hidden="true" className={styles.result} data-hidden={percent > 88}>
        {name}
      </span>
    </div>
  );
}
