import { z } from 'zod';

export type JsonSchema = z.core.JSONSchema.BaseSchema;

const known = { input: new WeakMap<z.ZodType, JsonSchema>(), output: new WeakMap<z.ZodType, JsonSchema>() };

/** What clients send (`input`) or get (`output`) as JSON Schema: computed once, because it takes a millisecond. */
export function jsonSchemaOf(schema: z.ZodType, io: keyof typeof known): JsonSchema {
  let json = known[io].get(schema);
  if (json === undefined) {
    json = z.toJSONSchema(schema, { io });
    known[io].set(schema, json);
  }
  return json;
}
