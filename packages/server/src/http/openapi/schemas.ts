import { z } from 'zod';

export type JsonObject = Record<string, unknown>;

const componentPrefix = '#/components/schemas/';

export const reference = (name: string): JsonObject => ({ $ref: `${componentPrefix}${name}` });

/** A reference to a schema that has an id, or the schema itself. */
export function referenceTo(schema: z.ZodType): JsonObject {
  const id = schema.meta()?.id;
  return id === undefined ? written(z.toJSONSchema(schema, { override: portable })) : reference(id);
}

/** Every schema that has an id, as components that refer to each other. */
export function componentSchemas(): JsonObject {
  const { schemas } = z.toJSONSchema(z.globalRegistry, {
    uri: (id) => `${componentPrefix}${id}`,
    override: portable,
  });
  return Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, written(schema)]));
}

/** The registered metadata of schemas without their ids. */
class WithoutIds extends z.core.$ZodRegistry<z.core.GlobalMeta> {
  override get(schema: z.core.$ZodType): z.core.GlobalMeta {
    return { ...z.globalRegistry.get(schema), id: undefined };
  }
}

/**
 * A schema of what clients send, written out; components describe responses. With ids JSON Schema would put schemas under
 * the `$defs` of a document of their own, where references from this one do not reach.
 */
export const inlineSchema = (schema: z.ZodType): JsonObject =>
  written(z.toJSONSchema(schema, { io: 'input', metadata: new WithoutIds(), override: portable }));

/** OpenAPI 3.1 itself says which dialect its schemas are, and where they are. */
function written(schema: object): JsonObject {
  const { $schema: _dialect, $id: _id, id: _metaId, ...rest } = schema as JsonObject;
  return withSingleTypes(rest) as JsonObject;
}

/** Keywords whose values are no schemas. */
const valueKeywords = new Set(['default', 'examples', 'const', 'enum', 'required']);

/** Generators for Go take no list of types, unless it is one of them or null. Zod writes it after its `override`. */
function withSingleTypes(schema: unknown): unknown {
  if (typeof schema !== 'object' || schema === null) return schema;
  if (Array.isArray(schema)) return schema.map(withSingleTypes);
  const { type, ...rest } = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, valueKeywords.has(key) ? value : withSingleTypes(value)]),
  );
  if (type === undefined) return rest;
  if (!Array.isArray(type) || type.filter((each) => each !== 'null').length < 2) return { type, ...rest };
  return { ...rest, anyOf: type.map((each: unknown) => ({ type: each })) };
}

/** Zod's words for what their pattern says too. */
const zodFormats = new Set(['starts_with', 'ends_with', 'includes', 'lowercase', 'uppercase']);

/** The same schema without what generators of clients do not take. */
function portable({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  openTuple(jsonSchema);
  if (typeof jsonSchema.format === 'string' && zodFormats.has(jsonSchema.format)) delete jsonSchema.format;
}

/**
 * `items: false` closes a tuple; generators take no boolean for a schema, and an empty `prefixItems`, which is not valid, is for
 * them a list of nothing.
 */
function openTuple(jsonSchema: z.core.JSONSchema.BaseSchema): void {
  const { prefixItems, items } = jsonSchema;
  if (prefixItems === undefined || (items !== undefined && items !== false)) return;
  delete jsonSchema.items;
  if (prefixItems.length === 0) {
    delete jsonSchema.prefixItems;
    jsonSchema.items = {};
  }
  jsonSchema.minItems = prefixItems.length;
  jsonSchema.maxItems = prefixItems.length;
}

/** The components of these that are reached from `from`, by way of each other too. */
export function reachedComponents(components: JsonObject, from: unknown, prefix = componentPrefix): JsonObject {
  const reached = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      if (key !== '$ref' || typeof inner !== 'string' || !inner.startsWith(prefix)) {
        visit(inner);
        continue;
      }
      const name = inner.slice(prefix.length);
      if (reached.has(name)) continue;
      reached.add(name);
      visit(components[name]);
    }
  };
  visit(from);
  return Object.fromEntries(Object.entries(components).filter(([name]) => reached.has(name)));
}
