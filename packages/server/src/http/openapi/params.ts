import type { Task } from '@portico/schemas';
import { inlineSchema, type JsonObject, reference } from './schemas.ts';

/**
 * The parameters of a task as clients send them. Choices are components: a query, a form and JSON repeat them, and generators would
 * name and declare each anew.
 */
export function paramsSchema(task: Task): JsonObject & { readonly properties: JsonObject } {
  const { properties, ...schema } = inlineSchema(task.params);
  const shared = Object.entries(properties as Properties).map(([name, property]) => {
    if (!isChoice(property)) return [name, property] as const;
    const { type: _type, enum: _values, ...rest } = property;
    return [name, { ...reference(componentName(task, name)), ...rest }] as const;
  });
  return { ...schema, properties: Object.fromEntries(shared) };
}

/** The components that the parameters of a task refer to. */
export function choiceSchemas(task: Task): JsonObject {
  const { properties } = inlineSchema(task.params);
  return Object.fromEntries(
    Object.entries(properties as Properties)
      .filter(([, property]) => isChoice(property))
      .map(([name, { type, enum: values }]) => [componentName(task, name), { type, enum: values }]),
  );
}

type Properties = Readonly<Record<string, JsonObject>>;

const isChoice = (property: JsonObject): boolean => property['type'] === 'string' && Array.isArray(property['enum']);

const componentName = ({ name }: Task, property: string): string =>
  `${capitalised(name)}Params${capitalised(property)}`;

const capitalised = (name: string): string =>
  name
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('');

/** Parameters of a form or a query, where a boolean is a word. */
export function asText(properties: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => {
      const { type, description } = schema as { type?: unknown; description?: string };
      if (type !== 'boolean') return [name, schema];
      const words = 'true/false, 1/0, yes/no or on/off, in any case.';
      return [
        name,
        { ...(schema as JsonObject), description: description === undefined ? words : `${description} As ${words}` },
      ];
    }),
  );
}
