import type { FileInput, JsonInput, Task } from '@portico/schemas';
import { exampleOf, fileExample, paramsExample } from './examples.ts';
import { requestIdHeader } from './problems.ts';
import { inlineSchema, type JsonObject, reference, referenceTo } from './schemas.ts';

export const binary: JsonObject = { type: 'string', format: 'binary' };

export const timingHeader: JsonObject = {
  'server-timing': {
    description: 'Milliseconds in the queue, decoding, inference and postprocessing.',
    required: true,
    schema: { type: 'string' },
  },
};

/** A file task's input as form, JSON or raw body; with `maxFiles` only a form, with that many files. */
export function fileRequestBody(task: Task, accepts: FileInput, maxFiles?: number): JsonObject {
  const params = inlineSchema(task.params);
  const fields = asText(params['properties'] as JsonObject);
  const file = maxFiles === undefined ? binary : { type: 'array', items: binary, minItems: 1, maxItems: maxFiles };
  const someParams = paramsExample(task);
  const form = {
    schema: { type: 'object', properties: { file, ...fields }, required: ['file'], additionalProperties: false },
    encoding: { file: { contentType: accepts.mediaTypes.join(', ') } },
    example: { file: maxFiles === undefined ? 'the bytes of a file' : ['the bytes of a file'], ...someParams },
  };
  if (maxFiles !== undefined) return { required: true, content: { 'multipart/form-data': form } };
  const encoded = {
    type: 'object',
    properties: {
      data: {
        type: 'string',
        contentEncoding: 'base64',
        minLength: 1,
        description: 'Base64, or a data URL with base64.',
      },
      mediaType: {
        type: 'string',
        enum: [...accepts.mediaTypes, 'application/octet-stream'],
        description: 'Without it, or as application/octet-stream, the first bytes decide.',
      },
    },
    required: ['data'],
    additionalProperties: false,
  };
  const example = fileExample(task);
  const json = {
    schema: withParams(encoded, params),
    ...(example === undefined ? {} : { example: { input: example, params: someParams } }),
  };
  const raw = [...accepts.mediaTypes, 'application/octet-stream'].map((type) => [type, { schema: binary }]);
  return {
    required: true,
    content: { 'multipart/form-data': form, 'application/json': json, ...Object.fromEntries(raw) },
  };
}

/** Some languages send null for what is not there. */
const withParams = (input: JsonObject, params: JsonObject): JsonObject => ({
  type: 'object',
  properties: { input, params: { ...params, type: ['object', 'null'] } },
  required: ['input'],
  additionalProperties: false,
});

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

/**
 * `{"input": …, "params": …}` for a task that takes JSON.
 * @param registered the input that the model is registered with.
 */
export function jsonRequestBody(task: Task, accepts: JsonInput, registered: unknown): JsonObject {
  const fits = registered !== undefined && accepts.schema.safeParse(registered).success;
  const input = fits ? registered : exampleOf(accepts.schema, 'input');
  return {
    required: true,
    content: {
      'application/json': {
        schema: withParams(inlineSchema(accepts.schema), inlineSchema(task.params)),
        ...(input === undefined ? {} : { example: { input, params: paramsExample(task) } }),
      },
    },
  };
}

/** A response in JSON. */
export const jsonResponse = (schema: JsonObject, description: string, example?: unknown): JsonObject => ({
  description,
  headers: requestIdHeader,
  content: { 'application/json': { schema, ...(example === undefined ? {} : { example }) } },
});

/** A task's output as JSON, and in its other media types. */
export function inferenceResponse(task: Task): JsonObject {
  const { produces, item, output } = task;
  const example = exampleOf(output, 'output');
  const headers = { ...requestIdHeader, ...timingHeader };
  return {
    description: item === undefined ? 'The output.' : 'The output, or its items as they are found.',
    // A stream starts before its times are known.
    headers: item === undefined ? headers : { ...requestIdHeader, ...optional(timingHeader) },
    content: {
      'application/json': { schema: referenceTo(output), ...(example === undefined ? {} : { example }) },
      ...(produces === undefined ? {} : { [produces.mediaType]: { schema: binary } }),
      ...(item === undefined ? {} : { 'text/event-stream': eventStream(task, example) }),
    },
  };
}

/** The same headers, where a response may lack them. */
const optional = (headers: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(headers).map(([name, header]) => [name, { ...(header as object), required: false }]),
  );

/** OpenAPI 3.1 has no words for the events of a stream: `x-events` says what the data of each is. */
function eventStream({ item, output }: Task, result: unknown): JsonObject {
  if (item === undefined) return {};
  const first = exampleOf(item, 'output');
  const events = [
    ...(first === undefined ? [] : [`event: item\ndata: ${JSON.stringify(first)}\n\n`]),
    ...(result === undefined ? [] : [`event: result\ndata: ${JSON.stringify(result)}\n\n`]),
  ];
  return {
    schema: {
      type: 'string',
      description:
        'Server-sent events with an `id` that counts from 1 and JSON as `data`: `item` for each item as soon as it is found, ' +
        'then `result` with the whole output, or `error` with a problem. Lines that start with a colon are comments.',
    },
    'x-events': { item: referenceTo(item), result: referenceTo(output), error: reference('Problem') },
    example: events.map((text, index) => `id: ${index + 1}\n${text}`).join(''),
  };
}
