import { useId } from 'react';
import { Control } from './control.tsx';
import { type Field, fieldsOf } from './schema.ts';
import styles from './schema-form.module.css';

interface FormProps {
  /** JSON Schema of an object. */
  readonly schema: unknown;
  /** With the defaults filled in. */
  readonly values: Readonly<Record<string, unknown>>;
  /** What the server says is wrong with a value, by its name. */
  readonly issues: Readonly<Record<string, string>>;
  readonly onChange: (name: string, value: unknown) => void;
}

/** A form for the values of any object, with their descriptions, ranges and defaults. */
export function SchemaForm({ schema, values, issues, onChange }: FormProps) {
  return (
    <div className={styles.form}>
      {fieldsOf(schema).map((field) => (
        <Row
          key={field.name}
          field={field}
          value={Object.hasOwn(values, field.name) ? values[field.name] : undefined}
          issue={Object.hasOwn(issues, field.name) ? issues[field.name] : undefined}
          onChange={(value) => onChange(field.name, value)}
        />
      ))}
    </div>
  );
}

interface RowProps {
  readonly field: Field;
  readonly value: unknown;
  readonly issue: string | undefined;
  readonly onChange: (value: unknown) => void;
}

function Row({ field, value, issue, onChange }: RowProps) {
  const id = useId();
  const changed = field.default !== undefined && JSON.stringify(value) !== JSON.stringify(field.default);
  return (
    <div className={styles.row}>
      <div className={styles.head}>
        <label htmlFor={`${id}-control`} id={`${id}-label`} className={styles.name}>
          {field.name}
        </label>
        {changed && (
          <button
            type="button"
            className={styles.reset}
            onClick={() => onChange(field.default)}
            aria-describedby={`${id}-label`}
          >
            reset
          </button>
        )}
        <Control id={id} field={field} value={value} invalid={issue !== undefined} onChange={onChange} />
      </div>
      <p id={`${id}-help`} className={styles.help}>
        {field.description}
        {issue !== undefined && <span className={styles.issue}> {issue}</span>}
      </p>
    </div>
  );
}
