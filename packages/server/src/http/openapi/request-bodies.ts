import type { FileInput, FormInput, FormParts, Task } from '@portico/schemas';
import { binary } from './contents.ts';
import { inputExample, paramsExample } from './examples.ts';
import { asText, paramsSchema } from './params.ts';
import { inlineSchema, type JsonObject } from './schemas.ts';

const anyBytes = 'application/octet-stream';
/** Bodies that are read as what they say, and are never a file by themselves. */
const readTypes = new Set(['application/json', 'multipart/form-data']);

/**
 * The input of a task: as JSON; files as a form too; one file also as a raw body.
 * @param registered the JSON input that the model is registered with.
 */
export function requestBody(task: Task, registered?: unknown): JsonObject {
  const { accepts } = task;
  const example = inputExample(task, registered);
  const json = {
    schema: withParams(task, { input: inputSchema(task, encodedFile) }),
    ...(example === undefined ? {} : { example: { input: example, params: paramsExample(task) } }),
  };
  const content = { 'application/json': json };
  if (accepts.kind === 'json') return { required: true, content };
  const form = formBody(task, filesOf(accepts), { schema: binary, example: 'the bytes of a file' });
  const raw = accepts.kind === 'form' ? [] : rawTypes(accepts).map((type) => [type, { schema: binary }]);
  return { required: true, content: { 'multipart/form-data': form, ...content, ...Object.fromEntries(raw) } };
}

/** Several inputs of a task: as JSON; files as a form too, whose parts repeat. */
export function batchRequestBody(task: Task, maxItems: number, registered?: unknown): JsonObject {
  const { accepts } = task;
  const list = (items: JsonObject): JsonObject => ({ type: 'array', items, minItems: 1, maxItems });
  const example = inputExample(task, registered);
  const json = {
    schema: withParams(task, { inputs: list(inputSchema(task, encodedFile)) }),
    ...(example === undefined ? {} : { example: { inputs: [example], params: paramsExample(task) } }),
  };
  const content = { 'application/json': json };
  if (accepts.kind === 'json') return { required: true, content };
  const form = formBody(task, filesOf(accepts), { schema: list(binary), example: ['the bytes of a file'] });
  return { required: true, content: { 'multipart/form-data': form, ...content } };
}

/** Files by the names of their parts. */
const filesOf = (accepts: FileInput | FormInput): FormParts =>
  accepts.kind === 'form' ? accepts.parts : { file: accepts };

function formBody(task: Task, files: FormParts, part: { schema: JsonObject; example: unknown }): JsonObject {
  const { properties } = paramsSchema(task);
  const each = <Value>(value: (file: FileInput) => Value): Record<string, Value> =>
    Object.fromEntries(Object.entries(files).map(([name, file]) => [name, value(file)]));
  return {
    schema: {
      type: 'object',
      properties: { ...each(() => part.schema), ...asText(properties) },
      required: Object.keys(files),
      additionalProperties: false,
    },
    encoding: each(({ mediaTypes }) => ({ contentType: mediaTypes.join(', ') })),
    example: { ...each(() => part.example), ...paramsExample(task) },
  };
}

const rawTypes = ({ mediaTypes }: FileInput): string[] =>
  [...new Set([...mediaTypes, anyBytes])].filter((type) => !readTypes.has(type));

/** @param fileSchema of one file in JSON. */
export function inputSchema({ accepts }: Task, fileSchema: (accepts: FileInput) => JsonObject): JsonObject {
  if (accepts.kind === 'json') return inlineSchema(accepts.schema);
  if (accepts.kind !== 'form') return fileSchema(accepts);
  const files = Object.entries(accepts.parts).map(([name, file]) => [name, fileSchema(file)]);
  return {
    type: 'object',
    properties: Object.fromEntries(files) as JsonObject,
    required: Object.keys(accepts.parts),
    additionalProperties: false,
  };
}

function encodedFile({ mediaTypes }: FileInput): JsonObject {
  const types = [...new Set([...mediaTypes, anyBytes])];
  const hasRanges = types.some((type) => type.endsWith('/*'));
  const accepted = hasRanges ? ` Accepted: ${mediaTypes.join(', ')}.` : '';
  return {
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
        ...(hasRanges ? { pattern: patternOf(types) } : { enum: types }),
        description: `Without it, or as application/octet-stream, the first bytes decide.${accepted}`,
      },
    },
    required: ['data'],
    additionalProperties: false,
  };
}

/** Media types of which some are ranges, as a regular expression without what JSON Schema's readers disagree about. */
function patternOf(types: readonly string[]): string {
  const token = '[a-z0-9][a-z0-9!#$&^_.+-]{0,126}';
  const alternatives = types.map((type) =>
    type
      .split('/')
      .map((half) => (half === '*' ? token : half.replaceAll(/[.+$^]/g, String.raw`\$&`)))
      .join('/'),
  );
  return `^(${alternatives.join('|')})?$`;
}

/** Some languages send null for parameters that are not there. */
function withParams(task: Task, input: JsonObject): JsonObject {
  const params = paramsSchema(task);
  return {
    type: 'object',
    properties: { ...input, params: { ...params, type: ['object', 'null'] } },
    required: Object.keys(input),
    additionalProperties: false,
  };
}
