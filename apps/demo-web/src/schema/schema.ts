/** The parts of JSON Schema that a contract's parameters are made of. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

/** How a parameter is edited. */
export type Field = { readonly name: string; readonly description: string; readonly default: unknown } & (
  | { readonly kind: 'switch' }
  | { readonly kind: 'choice'; readonly values: readonly unknown[] }
  | {
      readonly kind: 'slider' | 'number';
      readonly min: number | undefined;
      readonly max: number | undefined;
      readonly step: number | 'any';
    }
  | { readonly kind: 'text'; readonly maxLength: number | undefined }
  | { readonly kind: 'texts' }
  | { readonly kind: 'json' }
);

/** A fraction has about this many steps, or as many as its default needs. */
const stepsOfFraction = 100;
/** Beyond these a slider cannot be set to a single value. */
const maxSliderSteps = 400;

/** The parameters of a contract, in its order. */
export function fieldsOf(schema: unknown): Field[] {
  const { properties = {} } = (schema ?? {}) as Schema;
  return Object.entries(properties).map(([name, property]) => fieldOf(name, property));
}

function fieldOf(name: string, schema: Schema): Field {
  const common = { name, description: schema.description ?? '', default: schema.default };
  if (schema.enum !== undefined) return { ...common, kind: 'choice', values: schema.enum };
  if (schema.type === 'boolean') return { ...common, kind: 'switch' };
  if (schema.type === 'string') return { ...common, kind: 'text', maxLength: schema.maxLength };
  if (schema.type === 'array' && schema.items?.type === 'string') return { ...common, kind: 'texts' };
  if (schema.type === 'integer' || schema.type === 'number') return { ...common, ...numberField(schema) };
  return { ...common, kind: 'json' };
}

type NumberField = Pick<Extract<Field, { kind: 'slider' | 'number' }>, 'kind' | 'min' | 'max' | 'step'>;

function numberField(schema: Schema): NumberField {
  const whole = schema.type === 'integer';
  const min = bound(schema.minimum);
  const max = bound(schema.maximum);
  if (min === undefined || max === undefined) return { kind: 'number', min, max, step: whole ? 1 : 'any' };
  const step = whole ? 1 : Math.min(powerOfTen((max - min) / stepsOfFraction), stepOf(schema.default));
  return { kind: (max - min) / step <= maxSliderSteps ? 'slider' : 'number', min, max, step };
}

/** Zod bounds a whole number without a bound by the safe integers. */
const bound = (value: number | undefined): number | undefined =>
  value === undefined || Math.abs(value) >= Number.MAX_SAFE_INTEGER ? undefined : value;

/** The power of ten at or below a step. */
const powerOfTen = (step: number): number => Number(`1e${Math.floor(Math.log10(step) + 1e-9)}`);

/** The step that a value needs: 0.01 for 0.25. */
const stepOf = (value: unknown): number => Number(`1e-${String(value).split('.')[1]?.length ?? 0}`);

/** The default of each parameter that has one. */
export const defaultsOf = (schema: unknown): Record<string, unknown> =>
  Object.fromEntries(
    fieldsOf(schema).flatMap((field) => (field.default === undefined ? [] : [[field.name, field.default]])),
  );
