import { useId } from 'react';
import { type Field, fieldsOf } from '../schema/schema.ts';
import type { Params } from '../views/view.ts';
import styles from './parameter-form.module.css';

/** Choices up to this many are side by side, more are in a list. */
const maxSideBySide = 4;

interface FormProps {
  readonly schema: unknown;
  /** With the defaults filled in. */
  readonly values: Params;
  /** What is wrong with a parameter, by its name, as the server says. */
  readonly issues: Readonly<Record<string, string>>;
  readonly onChange: (name: string, value: unknown) => void;
}

/** A form for the parameters of any contract. */
export function ParameterForm({ schema, values, issues, onChange }: FormProps) {
  const fields = fieldsOf(schema);
  if (fields.length === 0) return <p className={styles.none}>This task has no parameters.</p>;
  return (
    <div className={styles.form}>
      {fields.map((field) => (
        <Parameter
          key={field.name}
          field={field}
          value={values[field.name]}
          issue={issues[field.name]}
          onChange={(value) => onChange(field.name, value)}
        />
      ))}
    </div>
  );
}

interface ParameterProps {
  readonly field: Field;
  readonly value: unknown;
  readonly issue: string | undefined;
  readonly onChange: (value: unknown) => void;
}

function Parameter({ field, value, issue, onChange }: ParameterProps) {
  const id = useId();
  const changed = field.default !== undefined && JSON.stringify(value) !== JSON.stringify(field.default);
  return (
    <div className={styles.parameter}>
      <div className={styles.head}>
        <label htmlFor={`${id}-control`} id={`${id}-label`} className={styles.name}>
          {field.name}
        </label>
        {changed && (
          <button type="button" className={styles.reset} onClick={() => onChange(field.default)}>
            reset<span className="visually-hidden"> {field.name}</span>
          </button>
        )}
        <Control id={id} field={field} value={value} onChange={onChange} invalid={issue !== undefined} />
      </div>
      <p id={`${id}-help`} className={styles.help}>
        {field.description}
      </p>
      {issue !== undefined && <p className={styles.issue}>{issue}</p>}
    </div>
  );
}

interface ControlProps {
  readonly id: string;
  readonly field: Field;
  readonly value: unknown;
  readonly invalid: boolean;
  readonly onChange: (value: unknown) => void;
}

function Control({ id, field, value, invalid, onChange }: ControlProps) {
  const common = { id: `${id}-control`, 'aria-describedby': `${id}-help`, 'aria-invalid': invalid || undefined };
  switch (field.kind) {
    case 'switch':
      return (
        <input
          {...common}
          type="checkbox"
          role="switch"
          className={styles.switch}
          checked={value === true}
          onChange={({ target }) => onChange(target.checked)}
        />
      );
    case 'slider':
      return (
        <>
          <NumberInput
            common={{ ...common, id: `${id}-number`, 'aria-labelledby': `${id}-label` }}
            field={field}
            value={value}
            onChange={onChange}
          />
          <input
            {...common}
            type="range"
            className={styles.range}
            min={field.min}
            max={field.max}
            step={field.step}
            value={Number(value)}
            style={{ '--fill': `${fraction(field, Number(value)) * 100}%` }}
            onChange={({ target }) => onChange(target.valueAsNumber)}
          />
        </>
      );
    case 'number':
      return <NumberInput common={common} field={field} value={value} onChange={onChange} />;
    case 'choice':
      return field.values.length <= maxSideBySide ? (
        <div role="radiogroup" aria-labelledby={`${id}-label`} className={styles.choices}>
          {field.values.map((choice) => (
            <label key={String(choice)} className={styles.choice}>
              <input
                type="radio"
                name={id}
                checked={choice === value}
                onChange={() => onChange(choice)}
                className="visually-hidden"
              />
              {String(choice)}
            </label>
          ))}
        </div>
      ) : (
        <select
          {...common}
          className={styles.input}
          value={field.values.indexOf(value)}
          onChange={({ target }) => onChange(field.values[Number(target.value)])}
        >
          {field.values.map((choice, index) => (
            <option key={String(choice)} value={index}>
              {String(choice)}
            </option>
          ))}
        </select>
      );
    default:
      return (
        <input
          {...common}
          type="text"
          className={styles.input}
          value={typeof value === 'string' ? value : (JSON.stringify(value) ?? '')}
          onChange={({ target }) => onChange(target.value)}
        />
      );
  }
}

/** Where a value is between its bounds, 0 to 1. */
const fraction = ({ min = 0, max = 1 }: NumberField, value: number): number =>
  Math.min(1, Math.max(0, (value - min) / (max - min)));

type NumberField = Extract<Field, { kind: 'slider' | 'number' }>;

interface NumberInputProps {
  readonly common: object;
  readonly field: NumberField;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}

function NumberInput({ common, field, value, onChange }: NumberInputProps) {
  return (
    <input
      {...common}
      type="number"
      className={styles.number}
      min={field.min}
      max={field.max}
      step={field.step}
      value={value === undefined ? '' : Number(value)}
      onChange={({ target }) => onChange(target.value === '' ? undefined : target.valueAsNumber)}
    />
  );
}
