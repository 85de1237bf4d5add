import { Failure, type Task, toIssues } from '@portico/schemas';
import { z } from 'zod';

/** Parameters as text, from a form or a query; a name that comes twice holds a list. */
export type TextParameters = Readonly<Record<string, string | readonly string[]>>;

/**
 * Checks parameters and fills in defaults.
 * Throws `INVALID_PARAMETERS` with the path of each mistake, unknown names included.
 */
export function checkParameters(task: Task, parameters: unknown): Record<string, unknown> {
  const parsed = task.params.safeParse(parameters ?? {});
  if (parsed.success) return parsed.data;
  const issues = toIssues(parsed.error, ['params']);
  throw new Failure('INVALID_PARAMETERS', issues.map(({ path, message }) => `${path}: ${message}`).join('; '), {
    issues,
  });
}

/** Gives text the types that the task's schema asks for; what does not convert is left for the check to refuse. */
export function fromText(task: Task, parameters: TextParameters): Record<string, unknown> {
  const properties = propertiesOf(task);
  return Object.fromEntries(
    Object.entries(parameters).map(([name, text]) => {
      const schema = Object.hasOwn(properties, name) ? properties[name] : undefined;
      return [name, typeof schema === 'object' ? convert(text, schema) : text];
    }),
  );
}

type Properties = NonNullable<z.core.JSONSchema.BaseSchema['properties']>;

const knownProperties = new WeakMap<Task, Properties>();

/** A task's parameters as JSON Schema; worked out once, because every request asks. */
function propertiesOf(task: Task): Properties {
  const known = knownProperties.get(task);
  if (known !== undefined) return known;
  const { properties = {} } = z.toJSONSchema(task.params, { io: 'input' });
  knownProperties.set(task, properties);
  return properties;
}

function convert(text: string | readonly string[], schema: z.core.JSONSchema.BaseSchema): unknown {
  if (schema.type === 'array') {
    const items = typeof text === 'string' ? [text] : text;
    const itemSchema = typeof schema.items === 'object' && !Array.isArray(schema.items) ? schema.items : {};
    return items.map((item) => convert(item, itemSchema));
  }
  if (typeof text !== 'string') return text;
  if (schema.type === 'number' || schema.type === 'integer')
    return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
  if (schema.type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  return text;
}
