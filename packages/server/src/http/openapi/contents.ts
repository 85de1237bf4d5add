import { errorCodes, errorTable, type FileInput, type JsonInput, type Task } from '@portico/schemas';
import { z } from 'zod';

export type JsonObject = Record<string, unknown>;

/** Every error that a request to a model can end with. */
export const inferenceProblems = [400, 401, 406, 408, 413, 415, 422, 429, 431, 500, 503, 504];

const retryAfterStatuses = new Set<number>([errorTable.RATE_LIMITED.status, errorTable.OVERLOADED.status]);

const componentPrefix = '#/components/schemas/';

const requestIdHeader: JsonObject = {
  'x-request-id': { description: 'Finds the request in the logs.', schema: { type: 'string' } },
};
const retryAfterHeader: JsonObject = {
  'retry-after': { description: 'Seconds after which to retry.', schema: { type: 'integer' } },
};
const timingHeader: JsonObject = {
  'server-timing': {
    description: 'Milliseconds in the queue, decoding, inference and postprocessing.',
    schema: { type: 'string' },
  },
};

/** A file task's input as form, JSON or raw body; with `maxFiles` only a form, with that many files. */
export function fileRequestBody(task: Task, accepts: FileInput, maxFiles?: number): JsonObject {
  const params = inlineSchema(task.params);
  const fields = asText(params['properties'] as JsonObject);
  const binary = { type: 'string', format: 'binary' };
  const file = maxFiles === undefined ? binary : { type: 'array', items: binary, minItems: 1, maxItems: maxFiles };
  const form = {
    schema: { type: 'object', properties: { file, ...fields }, required: ['file'] },
  };
  if (maxFiles !== undefined) return { required: true, content: { 'multipart/form-data': form } };
  const encoded = {
    type: 'object',
    properties: {
      data: { type: 'string', contentEncoding: 'base64', description: 'Base64, or a data URL with base64.' },
      mediaType: { type: 'string', enum: accepts.mediaTypes },
    },
    required: ['data'],
  };
  const raw = Object.fromEntries(accepts.mediaTypes.map((mediaType) => [mediaType, { schema: binary }]));
  return {
    required: true,
    content: {
      'multipart/form-data': form,
      'application/json': { schema: { type: 'object', properties: { input: encoded, params }, required: ['input'] } },
      ...raw,
    },
  };
}

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

/** `{"input": …, "params": …}` for a task that takes JSON. */
export function jsonRequestBody(task: Task, accepts: JsonInput): JsonObject {
  const properties = { input: inlineSchema(accepts.schema), params: inlineSchema(task.params) };
  return {
    required: true,
    content: { 'application/json': { schema: { type: 'object', properties, required: ['input'] } } },
  };
}

/** A response in JSON. */
export const jsonResponse = (schema: JsonObject, description: string): JsonObject => ({
  description,
  headers: requestIdHeader,
  content: { 'application/json': { schema } },
});

/** A model's output as JSON, and in its other media types. */
export const inferenceResponse = (schema: JsonObject, description: string, others: JsonObject = {}): JsonObject => ({
  description,
  headers: { ...requestIdHeader, ...timingHeader },
  content: { 'application/json': { schema }, ...others },
});

/** The other media types of a task's output. */
export const otherContents = ({ produces, item }: Task): JsonObject => ({
  ...(produces === undefined ? {} : { [produces.mediaType]: { schema: { type: 'string', format: 'binary' } } }),
  ...(item === undefined ? {} : { 'text/event-stream': { schema: { type: 'string', description: eventsOf(item) } } }),
});

const eventsOf = (item: z.ZodType): string =>
  'Server-sent events: `item` for each item as soon as it is found, then `result` with the whole output, or `error` ' +
  `with a problem. An item is ${item.meta()?.id ?? JSON.stringify(withoutDialect(z.toJSONSchema(item)))}.`;

/** A problem for each of these statuses. */
export function problemResponses(statuses: readonly number[]): JsonObject {
  return Object.fromEntries(statuses.map((status) => [status, problemResponse(status)]));
}

function problemResponse(status: number): JsonObject {
  const codes = errorCodes.filter((code) => errorTable[code].status === status);
  return {
    description: codes.map((code) => `${code}: ${errorTable[code].meaning}`).join('\n\n'),
    headers: { ...requestIdHeader, ...(retryAfterStatuses.has(status) ? retryAfterHeader : {}) },
    content: { 'application/problem+json': { schema: reference('Problem') } },
  };
}

export const reference = (name: string): JsonObject => ({ $ref: `${componentPrefix}${name}` });

/** A reference to a schema that has an id, or the schema itself. */
export function referenceTo(schema: z.ZodType): JsonObject {
  const id = schema.meta()?.id;
  return id === undefined ? withoutDialect(z.toJSONSchema(schema)) : reference(id);
}

/** Every schema that has an id, as components that refer to each other. */
export function componentSchemas(): JsonObject {
  const { schemas } = z.toJSONSchema(z.globalRegistry, { uri: (id) => `${componentPrefix}${id}` });
  return Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, withoutDialect(schema)]));
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
  withoutDialect(z.toJSONSchema(schema, { io: 'input', metadata: new WithoutIds() }));

/** OpenAPI 3.1 itself says which dialect its schemas are, and where they are. */
function withoutDialect(schema: object): JsonObject {
  const { $schema: _dialect, $id: _id, id: _metaId, ...rest } = schema as JsonObject;
  return rest;
}
