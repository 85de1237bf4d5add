import type { FileInput, JsonInput, Task } from '@portico/schemas';
import { inlineSchema } from './schemas.ts';

type JsonObject = Record<string, unknown>;

/** The three forms of a file task's input; with `maxFiles` only the form, with that many files. */
export function fileRequestBody(task: Task, accepts: FileInput, maxFiles?: number): JsonObject {
  const params = inlineSchema(task.params);
  const binary = { type: 'string', format: 'binary' };
  const file = maxFiles === undefined ? binary : { type: 'array', items: binary, minItems: 1, maxItems: maxFiles };
  const form = {
    schema: { type: 'object', properties: { file, ...(params['properties'] as JsonObject) }, required: ['file'] },
  };
  if (maxFiles !== undefined) return { required: true, content: { 'multipart/form-data': form } };
  const encoded = {
    type: 'object',
    properties: {
      data: { type: 'string', contentEncoding: 'base64' },
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

/** `{"input": …, "params": …}` for a task that takes JSON. */
export function jsonRequestBody(task: Task, accepts: JsonInput): JsonObject {
  const properties = { input: inlineSchema(accepts.schema), params: inlineSchema(task.params) };
  return {
    required: true,
    content: { 'application/json': { schema: { type: 'object', properties, required: ['input'] } } },
  };
}
