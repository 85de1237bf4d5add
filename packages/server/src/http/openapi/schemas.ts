import { z } from 'zod';

export type JsonObject = Record<string, unknown>;

const componentPrefix = '#/components/schemas/';

export const reference = (name: string): JsonObject => ({ $ref: `${componentPrefix}${name}` });

/** A reference to a schema that has an id, or the schema itself. */
export function referenceTo(schema: z.ZodType): JsonObject {
  const id = schema.meta()?.id;
  return id === undefined ? written(z.toJSONSchema(schema, { override: withoutClosedTuples })) : reference(id);
}

/** Every schema that has an id, as components that refer to each other. */
export function componentSchemas(): JsonObject {
  const { schemas } = z.toJSONSchema(z.globalRegistry, {
    uri: (id) => `${componentPrefix}${id}`,
    override: withoutClosedTuples,
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
  written(z.toJSONSchema(schema, { io: 'input', metadata: new WithoutIds(), override: withoutClosedTuples }));

/** OpenAPI 3.1 itself says which dialect its schemas are, and where they are. */
function written(schema: object): JsonObject {
  const { $schema: _dialect, $id: _id, id: _metaId, ...rest } = schema as JsonObject;
  return rest;
}

/**
 * `items: false` closes a tuple; generators take no boolean for a schema, and an empty `prefixItems`, which is not valid, is for
 * them a list of nothing.
 */
function withoutClosedTuples({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
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
