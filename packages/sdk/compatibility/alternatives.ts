import { type JsonSchema, nameKeyword, wordKeywords } from './contract.ts';
import { json } from './difference.ts';

/** The kinds of values that a schema allows, each one schema. */
export function alternatives(schema: JsonSchema): JsonSchema[] {
  const { anyOf, oneOf, enum: values, type } = schema;
  const several = anyOf ?? oneOf;
  if (several !== undefined) return several.flatMap(alternatives);
  if (values !== undefined) return values.map((value) => ({ const: value }));
  if (Array.isArray(type)) return type.map((one: string) => ({ ...withoutWords(schema), type: one }));
  return [schema];
}

/** The alternatives of two schemas, paired where they are of the same kind. */
export interface Pairs {
  readonly both: readonly (readonly [released: JsonSchema, current: JsonSchema])[];
  readonly removed: readonly JsonSchema[];
  readonly added: readonly JsonSchema[];
}

export function pairAlternatives(released: JsonSchema, current: JsonSchema): Pairs {
  const [before, after] = [alternatives(released), alternatives(current)];
  const tags = tagsOf([...before, ...after], Math.max(objectsIn(before), objectsIn(after)));
  const [kindsBefore, kindsAfter] = [byKind(before, tags), byKind(after, tags)];
  const removed = [...kindsBefore].filter(([kind]) => !kindsAfter.has(kind)).map(([, schema]) => schema);
  const added = [...kindsAfter].filter(([kind]) => !kindsBefore.has(kind)).map(([, schema]) => schema);
  return {
    both: [...kindsBefore].flatMap(([kind, schema]) => {
      const counterpart = kindsAfter.get(kind);
      return counterpart === undefined ? [] : [[schema, counterpart] as const];
    }),
    // "a" that became any text is still allowed, and the other way round.
    removed: removed.filter((schema) => !added.some((wider) => covers(wider, schema))),
    added: added.filter((schema) => !removed.some((wider) => covers(wider, schema))),
  };
}

/** What is told of an alternative that comes or goes. */
export function nameOf(schema: JsonSchema): string {
  if ('const' in schema) return json(schema.const);
  const name = schema[nameKeyword] ?? schema.type;
  return typeof name === 'string' ? name : 'anything';
}

const withoutWords = (schema: JsonSchema): JsonSchema =>
  Object.fromEntries(Object.entries(schema).filter(([keyword]) => !wordKeywords.includes(keyword)));

const isObject = ({ type }: JsonSchema): boolean => type === 'object';
const objectsIn = (schemas: readonly JsonSchema[]): number => schemas.filter(isObject).length;

/** The properties that tell objects apart, as in a discriminated union; none where there is one object only. */
function tagsOf(schemas: readonly JsonSchema[], mostObjects: number): string[] {
  if (mostObjects < 2) return [];
  const constants = schemas.filter(isObject).map(
    ({ properties = {} }) =>
      new Set(
        Object.entries(properties)
          .filter(([, property]) => 'const' in property)
          .map(([name]) => name),
      ),
  );
  return [...(constants[0] ?? [])].filter((name) => constants.every((names) => names.has(name)));
}

function byKind(schemas: readonly JsonSchema[], tags: readonly string[]): Map<string, JsonSchema> {
  const kinds = new Map<string, JsonSchema>();
  for (const schema of schemas) {
    const kind = kindOf(schema, tags);
    let turn = 1;
    while (kinds.has(`${kind} ${turn}`)) turn += 1;
    kinds.set(`${kind} ${turn}`, schema);
  }
  return kinds;
}

function kindOf(schema: JsonSchema, tags: readonly string[]): string {
  if ('const' in schema) return `value ${json(schema.const)}`;
  if (isObject(schema)) return `object ${json(tags.map((tag) => schema.properties?.[tag]?.const))}`;
  return schema.type === 'integer' ? 'number' : String(schema.type);
}

/** Whether one allows all that the other does, as far as that shows at once. */
function covers(wider: JsonSchema, narrower: JsonSchema): boolean {
  const keywords = Object.keys(withoutWords(wider));
  if (keywords.length === 0) return true;
  return keywords.length === 1 && 'type' in wider && 'const' in narrower && typeof narrower.const === wider.type;
}
