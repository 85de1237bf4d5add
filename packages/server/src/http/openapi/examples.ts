import type { FileInput, Task } from '@portico/schemas';
import type { z } from 'zod';
import { jsonSchemaOf } from '../json-schema.ts';
import { isAccepted } from '../input/media-type.ts';
import type { JsonObject } from './schemas.ts';

/** The smallest files that every model reads: 32 × 32 white pixels, 2 ms of silence, and a word. */
const smallFiles = {
  image: {
    mediaType: 'image/png',
    data: 'iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAAAAABWESUoAAAAFklEQVR42mP4TwAwjCoYVTCqYKQqAAA/aPwuqUTQyAAAAABJRU5ErkJggg==',
  },
  audio: {
    mediaType: 'audio/wav',
    data: 'UklGRjQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YRAAAACAgICAgICAgICAgICAgICA',
  },
  file: { mediaType: 'text/plain', data: 'SGVsbG8=' },
} as const;

/** A file in JSON. */
export interface FileExample {
  readonly data: string;
  readonly mediaType: string;
}

/**
 * An input that the task accepts, as JSON has it; `undefined` where only a person could make one up.
 * @param registered the JSON input that the model is registered with.
 * @param fileOf what stands for a file.
 */
export function inputExample(
  { accepts }: Task,
  registered?: unknown,
  fileOf: (file: FileExample) => unknown = (file) => file,
): unknown {
  if (accepts.kind === 'json') {
    const fits = registered !== undefined && accepts.schema.safeParse(registered).success;
    return fits ? registered : exampleOf(accepts.schema, 'input');
  }
  if (accepts.kind !== 'form') return fileExample(accepts, fileOf);
  const files = Object.entries(accepts.parts).map(([name, file]) => [name, fileExample(file, fileOf)] as const);
  return files.some(([, file]) => file === undefined) ? undefined : Object.fromEntries(files);
}

function fileExample(accepts: FileInput, fileOf: (file: FileExample) => unknown): unknown {
  const files = accepts.kind === 'file' ? Object.values(smallFiles) : [smallFiles[accepts.kind]];
  const file = files.find(({ mediaType }) => isAccepted(mediaType, accepts));
  return file === undefined ? undefined : fileOf(file);
}

/** The parameters of a request that changes none: those that have a default. */
export function paramsExample({ params }: Task): JsonObject {
  const { properties = {} } = jsonSchemaOf(params, 'input');
  const defaults = Object.entries(properties).flatMap(([name, schema]) =>
    typeof schema === 'object' && 'default' in schema ? [[name, schema.default]] : [],
  );
  return Object.fromEntries(defaults);
}

/**
 * A value of the schema: the first of its `examples`, or one made up from it; `undefined` where only a person could make one up.
 * @param io whether clients send it or get it.
 */
export function exampleOf(schema: z.ZodType, io: 'input' | 'output'): unknown {
  const json = jsonSchemaOf(schema, io) as SampledSchema;
  const example = sample(json, json.$defs ?? {}, maxDepth);
  return example !== undefined && schema.safeParse(example).success ? example : undefined;
}

/** Levels of nesting; schemas may refer to themselves. */
const maxDepth = 12;

/** What is read of a JSON Schema as Zod writes them. */
interface SampledSchema extends z.core.JSONSchema.BaseSchema {
  readonly $defs?: Record<string, SampledSchema>;
}

type Definitions = Readonly<Record<string, SampledSchema>>;

function sample(schema: SampledSchema, definitions: Definitions, depth: number): unknown {
  if (depth === 0) return undefined;
  const deeper = (inner: unknown): unknown => sample(inner as SampledSchema, definitions, depth - 1);
  if (Array.isArray(schema.examples)) return schema.examples[0];
  if (schema.default !== undefined) return schema.default;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.$ref !== undefined) return deeper(definitions[schema.$ref.replace('#/$defs/', '')] ?? {});
  const [alternative] = schema.anyOf ?? schema.oneOf ?? schema.allOf ?? [];
  if (alternative !== undefined) return deeper(alternative);
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {})
          .filter(([name]) => schema.required?.includes(name))
          .map(([name, inner]) => [name, deeper(inner)]),
      );
    case 'array':
      if (schema.prefixItems !== undefined) return schema.prefixItems.map(deeper);
      return Array.from({ length: listLength(schema) }, () => deeper(schema.items ?? {}));
    case 'string':
      return (stringsOfFormats[schema.format ?? ''] ?? 'text')
        .padEnd(schema.minLength ?? 0, '.')
        .slice(0, schema.maxLength);
    case 'number':
    case 'integer':
      return numberOf(schema);
    case 'boolean':
      return true;
    default:
      return null;
  }
}

/** One element, so that it shows what an element is. */
const listLength = ({ minItems = 0, maxItems = Infinity }: SampledSchema): number =>
  Math.min(Math.max(1, minItems), maxItems);

const stringsOfFormats: Readonly<Record<string, string>> = {
  'date-time': '2026-01-31T12:00:00Z',
  date: '2026-01-31',
  time: '12:00:00',
  duration: 'PT1S',
  email: 'person@example.org',
  uri: 'https://example.org/',
  uuid: '7a9c9d70-092a-4c10-8fb5-17a0488e64f8',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
};

function numberOf({ type, minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf }: SampledSchema): number {
  if (minimum !== undefined && minimum > -Number.MAX_SAFE_INTEGER) return minimum;
  const low = exclusiveMinimum as number | undefined;
  const high = (exclusiveMaximum as number | undefined) ?? maximum;
  if (low !== undefined) {
    if (multipleOf !== undefined) return low + multipleOf;
    return type === 'integer' || high === undefined ? low + 1 : (low + high) / 2;
  }
  return Math.min(0, high === undefined ? 0 : high === maximum ? high : high - 1);
}
