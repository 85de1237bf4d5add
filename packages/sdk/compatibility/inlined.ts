import { type JsonSchema, nameKeyword } from './contract.ts';

/** A schema with what it refers to in the place of each reference; a reference to what it is part of stays as it is. */
export function inlined(
  schema: JsonSchema,
  open: readonly string[] = [],
  definitions = schema.$defs ?? {},
): JsonSchema {
  const { $ref, $defs: _, $schema: _dialect, ...own } = schema;
  const name = $ref === undefined ? undefined : /^#\/\$defs\/(.+)$/.exec($ref)?.[1];
  const definition = name === undefined ? undefined : definitions[name];
  if (name === undefined || definition === undefined || open.includes(name)) {
    return withParts($ref === undefined ? own : { ...own, $ref }, (part) => inlined(part, open, definitions));
  }
  return { ...inlined(definition, [...open, name], definitions), ...own, [nameKeyword]: name };
}

function withParts(schema: JsonSchema, map: (part: JsonSchema) => JsonSchema): JsonSchema {
  const { properties, items, prefixItems, anyOf, oneOf, additionalProperties } = schema;
  return {
    ...schema,
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, part]) => [name, map(part)])),
    }),
    ...(typeof items === 'object' && { items: map(items) }),
    ...(prefixItems && { prefixItems: prefixItems.map(map) }),
    ...(anyOf && { anyOf: anyOf.map(map) }),
    ...(oneOf && { oneOf: oneOf.map(map) }),
    ...(typeof additionalProperties === 'object' && { additionalProperties: map(additionalProperties) }),
  };
}
