import { type ReactNode, useId } from 'react';
import type { TaskModel } from '../connection/connection.tsx';
import { Button } from '../controls/button.tsx';
import { Icon } from '../controls/icon.tsx';
import { JsonArea } from '../form/control.tsx';
import { fieldsOf } from '../form/schema.ts';
import { SchemaForm } from '../form/schema-form.tsx';
import type { Sample } from '../views/view.ts';
import styles from './json-input.module.css';

interface JsonInputProps {
  readonly task: TaskModel;
  readonly samples: readonly Sample[];
  readonly value: unknown;
  /** False if the view edits the value. */
  readonly editable: boolean;
  readonly issues: Readonly<Record<string, string>>;
  readonly onChange: (value: unknown) => void;
  readonly onSample: (sample: Sample) => void;
  readonly onRun: () => void;
  /** What is shown of the last call. */
  readonly children: ReactNode;
}

/** Takes the input of a task that takes JSON: a form if its schema is an object's, or else JSON as text. */
export default function JsonInput({
  task,
  samples,
  value,
  editable,
  issues,
  onChange,
  onSample,
  onRun,
  children,
}: JsonInputProps) {
  const id = useId();
  // Servers before 0.2 do not describe the input.
  const schema = task.input ?? {};
  const values = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  return (
    <section
      aria-label="Input"
      className={styles.zone}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) onRun();
      }}
    >
      {samples.length > 0 && (
        <ul className={styles.samples} aria-label="Samples">
          {samples.map((sample) => (
            <li key={sample.name}>
              <Button onClick={() => onSample(sample)}>
                <Icon name="text" />
                {sample.name}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {editable &&
        (fieldsOf(schema).length > 0 ? (
          <SchemaForm
            schema={schema}
            values={values}
            issues={issues}
            onChange={(name, changed) => onChange({ ...values, [name]: changed })}
          />
        ) : (
          <>
            <label htmlFor={`${id}-control`} id={`${id}-label`} className={styles.label}>
              JSON
            </label>
            <JsonArea
              common={{ id: `${id}-control`, 'aria-describedby': `${id}-help`, 'aria-invalid': false }}
              value={value}
              onChange={onChange}
            />
          </>
        ))}
      <p id={`${id}-help`} className={styles.help}>
        <kbd>Ctrl</kbd> + <kbd>Enter</kbd> runs.
      </p>
      <div className={styles.view}>{children}</div>
    </section>
  );
}
