/** The parts of JSON Schema that forms are made of. */
interface Schema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
}

/** One value of a form and how it is edited. */
export type Field = { readonly name: string; readonly description: string; readonly default: unknown } & (
  | { readonly kind: 'switch' | 'texts' | 'json' }
  | { readonly kind: 'choice'; readonly values: readonly unknown[] }
  | {
      readonly kind: 'slider' | 'number';
      readonly min: number | undefined;
      readonly max: number | undefined;
      readonly step: number | 'any';
    }
  | { readonly kind: 'text'; readonly maxLength: number | undefined }
);

/** A fraction has about this many steps, or as many as its default needs. */
const stepsOfFraction = 100;
/** Beyond these a slider cannot be set to a single value. */
const maxSliderSteps = 400;

/** Choices beyond this many are typed. */
const maxChoices = 500;
/** Longer descriptions are cut. */
const maxDescriptionLength = 2_000;
/** An object with more fields is another thing than a form. */
const maxFields = 200;

/** The fields of an object's schema, in its order; none if the schema is of something else. */
export function fieldsOf(schema: unknown): Field[] {
  const root = Object(schema) as Schema;
  const { properties } = resolved(root, root);
  return Object.entries(Object(properties) as Readonly<Record<string, Schema>>)
    .slice(0, maxFields)
    .map(([name, property]) => fieldOf(name, Object(property) as Schema, root));
}

/** The default of each field that has one. */
export const defaultsOf = (schema: unknown): Record<string, unknown> =>
  Object.fromEntries(
    fieldsOf(schema).flatMap((field) => (field.default === undefined ? [] : [[field.name, field.default]])),
  );

/** The values that differ from their defaults: what a call has to send. */
export function changedOf(schema: unknown, values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const defaults = defaultsOf(schema);
  return Object.fromEntries(
    Object.entries(values).filter(
      ([name, value]) => value !== undefined && JSON.stringify(value) !== JSON.stringify(defaults[name]),
    ),
  );
}

function fieldOf(name: string, property: Schema, root: Schema): Field {
  const schema = resolved(property, root);
  // A service need not keep to the standard.
  const description = typeof schema.description === 'string' ? schema.description.slice(0, maxDescriptionLength) : '';
  const common = { name, description, default: schema.default };
  if (Array.isArray(schema.enum) && schema.enum.length <= maxChoices)
    return { ...common, kind: 'choice', values: schema.enum as readonly unknown[] };
  if (schema.type === 'boolean') return { ...common, kind: 'switch' };
  if (schema.type === 'string') return { ...common, kind: 'text', maxLength: schema.maxLength };
  if (
    schema.type === 'array' &&
    schema.items !== undefined &&
    resolved(Object(schema.items) as Schema, root).type === 'string'
  ) {
    return { ...common, kind: 'texts' };
  }
  if (schema.type === 'integer' || schema.type === 'number') return { ...common, ...numberField(schema) };
  return { ...common, kind: 'json' };
}

/** A schema that points to one of the definitions, with what it says besides. */
function resolved(schema: Schema, root: Schema): Schema {
  const name = String(schema.$ref).replace('#/$defs/', '');
  const definitions = Object(root.$defs) as Readonly<Record<string, Schema>>;
  return Object.hasOwn(definitions, name) ? { ...definitions[name], ...schema } : schema;
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
