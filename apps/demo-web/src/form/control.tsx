import { useState } from 'react';
import { Segmented } from '../controls/segmented.tsx';
import styles from './control.module.css';
import type { Field } from './schema.ts';

/** Choices up to this many are side by side, more are in a list. */
const maxSideBySide = 3;

interface ControlProps {
  /** The label has the id `${id}-label`, the description `${id}-help`. */
  readonly id: string;
  readonly field: Field;
  readonly value: unknown;
  readonly invalid: boolean;
  readonly onChange: (value: unknown) => void;
}

/** What edits one value. */
export function Control({ id, field, value, invalid, onChange }: ControlProps) {
  const common: Common = { id: `${id}-control`, 'aria-describedby': `${id}-help`, 'aria-invalid': invalid };
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
        <Segmented
          values={field.values}
          value={value}
          onChange={onChange}
          labelledBy={`${id}-label`}
          describedBy={`${id}-help`}
        />
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
    case 'text':
      return (
        <input
          {...common}
          type="text"
          className={styles.input}
          maxLength={field.maxLength}
          value={typeof value === 'string' ? value : ''}
          onChange={({ target }) =>
            onChange(target.value === '' && field.default === undefined ? undefined : target.value)
          }
        />
      );
    case 'texts':
      return (
        <textarea
          {...common}
          className={styles.area}
          rows={6}
          placeholder="One on each line"
          value={Array.isArray(value) ? value.join('\n') : ''}
          onChange={({ target }) => onChange(target.value === '' ? [] : target.value.split('\n'))}
        />
      );
    default:
      return <JsonArea common={common} value={value} onChange={onChange} />;
  }
}

interface Common {
  readonly id: string;
  readonly 'aria-describedby': string;
  readonly 'aria-invalid': boolean;
  readonly 'aria-labelledby'?: string;
}

type NumberField = Extract<Field, { kind: 'slider' | 'number' }>;

interface NumberInputProps {
  readonly common: Common;
  readonly field: NumberField;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}

/** Passes on whole numbers only once they are typed: an empty box is no value. */
function NumberInput({ common, field, value, onChange }: NumberInputProps) {
  return (
    <input
      {...common}
      type="number"
      inputMode="decimal"
      className={styles.number}
      min={field.min}
      max={field.max}
      step={field.step}
      value={value === undefined ? '' : Number(value)}
      onChange={({ target }) => onChange(target.value === '' ? field.default : target.valueAsNumber)}
    />
  );
}

/** Where a value is between its bounds, 0 to 1. */
const fraction = ({ min = 0, max = 1 }: NumberField, value: number): number =>
  Math.min(1, Math.max(0, (value - min) / (max - min)));

interface JsonAreaProps {
  readonly common: Common;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}

/** Any value as JSON; it is passed on whenever it can be parsed. */
export function JsonArea({ common, value, onChange }: JsonAreaProps) {
  const [draft, setDraft] = useState<string>();
  const text = draft ?? JSON.stringify(value, null, 2) ?? '';
  return (
    <textarea
      {...common}
      className={styles.area}
      rows={6}
      spellCheck={false}
      value={text}
      aria-invalid={common['aria-invalid'] || (text !== '' && parsed(text) === undefined)}
      onChange={({ target }) => {
        setDraft(target.value);
        const result = parsed(target.value);
        if (target.value === '') onChange(undefined);
        else if (result !== undefined) onChange(result.value);
      }}
      onBlur={() => {
        if (parsed(text) !== undefined) setDraft(undefined);
      }}
    />
  );
}

function parsed(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}
