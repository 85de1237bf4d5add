/** The parts of JSON Schema that Zod writes. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly prefixItems?: readonly JsonSchema[];
  readonly items?: JsonSchema | boolean;
  readonly description?: string;
  readonly default?: unknown;
}

/** A JSON Schema as the declaration of a TypeScript type. */
export function declarationText(name: string, schema: JsonSchema): string {
  const isInterface = schema.type === 'object' && schema.properties !== undefined;
  return isInterface ? `export interface ${name} ${typeText(schema)}` : `export type ${name} = ${typeText(schema)};`;
}

/** A JSON Schema as a TypeScript type; named schemas stay names. */
export function typeText(schema: JsonSchema): string {
  if (schema.$ref !== undefined) return nameOfReference(schema.$ref);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return union(schema.enum.map((value) => JSON.stringify(value)));
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives !== undefined) return union(alternatives.map(typeText));
  if (schema.allOf !== undefined) return schema.allOf.map((part) => `(${typeText(part)})`).join(' & ');
  if (Array.isArray(schema.type)) return union(schema.type.map((type: string) => typeText({ ...schema, type })));
  switch (schema.type) {
    case 'string':
    case 'boolean':
    case 'null':
    case 'number':
      return schema.type;
    case 'integer':
      return 'number';
    case 'array':
      return arrayText(schema);
    case 'object':
      return objectText(schema);
    default:
      return 'unknown';
  }
}

const union = (types: readonly string[]): string => [...new Set(types)].join(' | ');

function arrayText({ prefixItems, items }: JsonSchema): string {
  if (prefixItems !== undefined) {
    const rest = typeof items === 'object' ? [`...${listOf(items)}`] : [];
    return `[${[...prefixItems.map(typeText), ...rest].join(', ')}]`;
  }
  return typeof items === 'object' ? listOf(items) : 'unknown[]';
}

function listOf(item: JsonSchema): string {
  const type = typeText(item);
  const isOne = /^\w+$/.test(type) || item.type === 'object' || item.type === 'array';
  return isOne ? `${type}[]` : `(${type})[]`;
}

function objectText({ properties, required = [], additionalProperties }: JsonSchema): string {
  if (properties === undefined) {
    return `Record<string, ${typeof additionalProperties === 'object' ? typeText(additionalProperties) : 'unknown'}>`;
  }
  const fields = Object.entries(properties).map(([name, property]) => {
    const type = typeText(property);
    const field = required.includes(name) ? `: ${type}` : `?: ${type} | undefined`;
    return `${docOf(property)}${/^[a-z_$][\w$]*$/i.test(name) ? name : JSON.stringify(name)}${field};\n`;
  });
  return `{\n${fields.join('')}}`;
}

/** A schema's description and default as a doc comment. */
function docOf(schema: JsonSchema): string {
  const lines = [
    ...(schema.description === undefined ? [] : [schema.description]),
    ...(schema.default === undefined ? [] : [`@default ${JSON.stringify(schema.default)}`]),
  ];
  if (lines.length === 0) return '';
  const safe = lines.map((line) => line.replaceAll('*/', '*\\/'));
  return safe.length === 1 ? `/** ${safe[0]} */\n` : `/**\n${safe.map((line) => ` * ${line}\n`).join('')} */\n`;
}

function nameOfReference(reference: string): string {
  const name = /^#\/\$defs\/(\w+)$/.exec(reference)?.[1];
  if (name === undefined) throw new Error(`Cannot write ${reference} as a type: give the schema an id.`);
  return name;
}
