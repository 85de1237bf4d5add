import { z } from 'zod';

type JsonObject = Record<string, unknown>;

const prefix = '#/components/schemas/';

export const reference = (name: string): JsonObject => ({ $ref: `${prefix}${name}` });

/** A reference to a schema that has an id, or the schema itself. */
export function referenceTo(schema: z.ZodType): JsonObject {
  const id = schema.meta()?.id;
  return id === undefined ? withoutDialect(z.toJSONSchema(schema)) : reference(id);
}

/** What is told of schemas, but for their ids. */
class WithoutIds extends z.core.$ZodRegistry<z.core.GlobalMeta> {
  override get(schema: z.core.$ZodType): z.core.GlobalMeta {
    return { ...z.globalRegistry.get(schema), id: undefined };
  }
}

/**
 * A schema of what clients send, written out: components say what is answered. By their ids JSON Schema would put schemas
 * under the `$defs` of a document of their own, where nobody finds them from within this one.
 */
export const inlineSchema = (schema: z.ZodType): JsonObject =>
  withoutDialect(z.toJSONSchema(schema, { io: 'input', metadata: new WithoutIds() }));

/** Every schema that has an id, as components that refer to each other. */
export function componentSchemas(): JsonObject {
  const { schemas } = z.toJSONSchema(z.globalRegistry, { uri: (id) => `${prefix}${id}` });
  return Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, withoutDialect(schema)]));
}

/** OpenAPI 3.1 says itself which dialect its schemas are, and where they are. */
export function withoutDialect(schema: object): JsonObject {
  const { $schema: _dialect, $id: _id, id: _metaId, ...rest } = schema as JsonObject;
  return rest;
}
