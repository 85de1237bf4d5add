import { useId } from 'react';
import { Button } from '../controls/button.tsx';
import { Icon } from '../controls/icon.tsx';
import { Segmented } from '../controls/segmented.tsx';
import page from '../task/task-page.module.css';
import { DrawingPad } from './drawing-pad.tsx';
import { type InputDraft, type SourceKind, sourceKindsOf, sourceOf, withShape } from './input-draft.ts';
import { PicturePicker } from './picture-picker.tsx';
import { pictureShapeOf, scales } from './pixels.ts';
import styles from './tensor-input.module.css';
import { type Fill, fills, valueTexts, type Values } from './tensor-values.ts';

/** An axis of any length is at most this long here. */
const maxAxisLength = 4_096;
/** Of an input that may have any number of axes. */
const maxAxes = 8;
/** How many values are shown of what is filled. */
const previewedValues = 12;

const labels: Readonly<Record<SourceKind, string>> = {
  drawing: 'Drawing',
  picture: 'Picture',
  fill: 'Fill',
  text: 'Text',
};

const fillLabels: Readonly<Record<Fill, string>> = { zeros: 'Zeros', ones: 'Ones', random: 'Random' };

interface TensorInputProps {
  readonly draft: InputDraft;
  readonly values: Values | undefined;
  /** Why there are no values. */
  readonly problem: string | undefined;
  readonly onChange: (draft: InputDraft) => void;
}

/** One input: its shape, and what its values come from. */
export function TensorInput({ draft, values, problem, onChange }: TensorInputProps) {
  const { metadata, shape, source } = draft;
  const kinds = sourceKindsOf(metadata, shape);
  return (
    <section aria-label={`Input ${metadata.name}`} className={page.panel}>
      <div className={styles.head}>
        <h2 className={styles.name}>{metadata.name}</h2>
        <code className={styles.type}>{metadata.datatype}</code>
        <Shape draft={draft} onChange={onChange} />
      </div>
      {kinds.length > 1 && (
        <div className={styles.kinds}>
          <Segmented
            label={`Values of ${metadata.name}`}
            values={kinds}
            value={source.kind}
            labelOf={(kind) => labels[kind]}
            onChange={(kind) => onChange({ ...draft, source: sourceOf(kind, draft) })}
          />
        </div>
      )}
      <Editor draft={draft} values={values} problem={problem} onChange={onChange} />
    </section>
  );
}

/** The lengths of the axes; those that may have any can be changed, and so can their number where it is not given. */
function Shape({ draft, onChange }: Pick<TensorInputProps, 'draft' | 'onChange'>) {
  const { metadata, shape } = draft;
  return (
    <div role="group" aria-label={`Shape of ${metadata.name}`} className={styles.shape}>
      {shape.length === 0 && 'scalar'}
      {shape.map((length, axis) => (
        <span key={axis} className={styles.axis}>
          {axis > 0 && <span aria-hidden="true">×</span>}
          {metadata.unranked !== true && metadata.shape[axis]! >= 0 ? (
            length
          ) : (
            <input
              type="number"
              className={styles.length}
              aria-label={`Length of axis ${axis + 1}`}
              min={1}
              max={maxAxisLength}
              value={length}
              onChange={({ target }) => {
                const next = target.valueAsNumber;
                if (next >= 1 && next <= maxAxisLength) onChange(withShape(draft, shape.with(axis, Math.floor(next))));
              }}
            />
          )}
        </span>
      ))}
      {metadata.unranked === true && (
        <>
          <Button
            look="quiet"
            disabled={shape.length === 0}
            onClick={() => onChange(withShape(draft, shape.slice(0, -1)))}
          >
            Remove an axis
          </Button>
          <Button
            look="quiet"
            disabled={shape.length >= maxAxes}
            onClick={() => onChange(withShape(draft, [...shape, 1]))}
          >
            Add an axis
          </Button>
        </>
      )}
    </div>
  );
}

function Editor({ draft, values, problem, onChange }: TensorInputProps) {
  const { metadata, shape, source } = draft;
  const id = useId();
  if (source.kind === 'text') {
    return (
      <div className={styles.text}>
        <textarea
          className={styles.field}
          rows={4}
          spellCheck={false}
          aria-label={`Values of ${metadata.name}`}
          aria-invalid={problem !== undefined}
          aria-describedby={`${id}-problem`}
          value={source.text}
          onChange={({ target }) => onChange({ ...draft, source: { kind: 'text', text: target.value } })}
        />
        <p id={`${id}-problem`} className={problem === undefined ? styles.hint : styles.problem}>
          {problem ??
            (metadata.datatype === 'BYTES'
              ? 'A text per line, or a JSON array.'
              : 'In row-major order; brackets are optional.')}
        </p>
      </div>
    );
  }
  if (source.kind === 'fill') {
    const shown = values === undefined ? [] : valueTexts(metadata.datatype, values, previewedValues);
    return (
      <div className={styles.text}>
        <div className={styles.fills}>
          <Segmented
            label={`Fill of ${metadata.name}`}
            values={fills}
            labelOf={(fill) => fillLabels[fill]}
            value={source.fill}
            onChange={(fill) => onChange({ ...draft, source: { ...source, fill } })}
          />
          {source.fill === 'random' && (
            <Button look="quiet" onClick={() => onChange({ ...draft, source: { ...source, seed: source.seed + 1 } })}>
              <Icon name="retry" />
              New numbers
            </Button>
          )}
        </div>
        <code className={styles.preview}>
          {shown.join(', ')}
          {(values?.length ?? 0) > shown.length && ` … ${values!.length.toLocaleString('en')} values`}
        </code>
      </div>
    );
  }
  const picture = pictureShapeOf(shape)!;
  const onPixels = (rgba: Uint8ClampedArray | undefined): void => onChange({ ...draft, source: { ...source, rgba } });
  return (
    <div className={styles.picture}>
      {source.kind === 'drawing' ? (
        <DrawingPad size={picture} onChange={onPixels} />
      ) : (
        <PicturePicker size={picture} rgba={source.rgba} onChange={onPixels} />
      )}
      <div className={styles.scale}>
        <span id={`${id}-scale`} className={styles.hint}>
          Pixel values
        </span>
        <Segmented
          labelledBy={`${id}-scale`}
          // The channels of ImageNet are red, green and blue.
          values={picture.channels === 3 ? scales : scales.filter((scale) => scale !== 'ImageNet')}
          value={source.scale}
          onChange={(scale) => onChange({ ...draft, source: { ...source, scale } })}
        />
      </div>
    </div>
  );
}
