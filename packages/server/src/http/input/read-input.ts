import { Failure, type FormInput, isFailure, type Task, toIssues } from '@portico/schemas';
import type { FastifyRequest } from 'fastify';
import type { FormFile, InferInput } from '../../inference.ts';
import type { Gateway } from '../gateway.ts';
import { jsonSchemaOf, type JsonSchema } from '../json-schema.ts';
import { decodedBytes, maxBodyBytes, readBody, uploadLease } from './body.ts';
import { checkShape } from './json.ts';
import { mediaTypeOf, normalMediaType, type UploadedFile } from './media-type.ts';
import { readMultipart, type FormParameters } from './multipart.ts';
import { readJson, type ReceivedInput } from './received.ts';

/** In a form or a query. Tasks have a handful, and each unknown one makes an issue. */
const maxParameters = 128;

/** Reads a form, a raw body or JSON into the input of a task, and checks its content, then its parameters. */
export async function readInput(gateway: Gateway, task: Task, request: FastifyRequest): Promise<InferInput> {
  const { maxUploadBytes } = gateway.limits;
  const mediaType = normalMediaType(request.headers['content-type']);
  const query = queryOf(request);
  if (mediaType === 'multipart/form-data') {
    const { inputs, parameters } = await readMultipart(gateway, request, task, 1);
    const input = await checkInput(task, inputs[0] as ReceivedInput, fromText(task, { ...query, ...parameters }));
    checkQuery(task, query);
    return input;
  }
  const data = await readBody(gateway, request, maxBodyBytes(mediaType, maxUploadBytes));
  if (mediaType !== 'application/json')
    return checkInput(task, { kind: 'file', file: { data, mediaType } }, fromText(task, query));
  const lease = uploadLease(gateway, request);
  // The file in it is held beside the text while it is decoded.
  lease.take(decodedBytes(data));
  const json = await readJson(task, data, maxUploadBytes);
  const input = await checkInput(task, json, withQuery(task, query, json.params));
  checkQuery(task, query);
  lease.hold(heldBytes(input));
  return input;
}

/** The bytes of an input that is queued. */
export const heldBytes = ({ bytes, more = [] }: InferInput): number =>
  more.reduce((sum, { byteLength }) => sum + byteLength, bytes.byteLength);

/** Parameters may be in the query of a JSON request too; those of the body come first. */
export function withQuery(task: Task, query: FormParameters, params: unknown): unknown {
  if (params !== undefined && (typeof params !== 'object' || params === null || Array.isArray(params))) return params;
  return { ...fromText(task, query), ...params };
}

/** What is wrong in the query is refused also where the body has the same parameter. */
export function checkQuery(task: Task, query: FormParameters): void {
  if (Object.keys(query).length > 0) checkParameters(task, fromText(task, query));
}

export const queryOf = (request: FastifyRequest): FormParameters => request.query as FormParameters;

/**
 * The input to queue: its content checked, its media type recognised where it was not declared, its parameters checked.
 * Throws `BAD_INPUT`, `UNSUPPORTED_MEDIA_TYPE` or `INVALID_PARAMETERS`, in this order.
 * @param path where the input is in the body, for errors
 */
export async function checkInput(
  task: Task,
  received: ReceivedInput,
  parameters: unknown,
  path: readonly string[] = ['input'],
): Promise<InferInput> {
  const content = await checkContent(task, received, path);
  return { ...content, params: checkParameters(task, parameters) };
}

async function checkContent(
  { name, accepts }: Task,
  received: ReceivedInput,
  path: readonly string[],
): Promise<Omit<InferInput, 'params' | 'outputAs'>> {
  if (accepts.kind === 'json') {
    if (received.kind === 'file' || received.kind === 'files')
      throw new Failure('UNSUPPORTED_MEDIA_TYPE', `${name} accepts a JSON value, not a file.`);
    if (received.kind === 'large value') return { bytes: received.json, mediaType: null, unchecked: true };
    const value = checkShape(accepts.schema, received.value, path);
    return { bytes: Buffer.from(JSON.stringify(value)), mediaType: null };
  }
  if (accepts.kind === 'form') return checkFiles(name, accepts, received);
  if (received.kind !== 'file')
    throw new Failure('UNSUPPORTED_MEDIA_TYPE', `${name} accepts a file, not a JSON value.`);
  const { data, mediaType } = received.file;
  if (data.byteLength === 0) throw new Failure('BAD_INPUT', 'The upload is empty.');
  return { bytes: data, mediaType: await mediaTypeOf(data, mediaType, accepts) };
}

/** The files of a form in the order of the contract. They are not joined: that would hold the loop, and each twice. */
async function checkFiles(
  name: string,
  { parts }: FormInput,
  received: ReceivedInput,
): Promise<Omit<InferInput, 'params' | 'outputAs'>> {
  if (received.kind !== 'files') throw new Failure('UNSUPPORTED_MEDIA_TYPE', `${name} accepts several files.`);
  const files: FormFile[] = [];
  const bytes: Uint8Array[] = [];
  for (const [part, accepts] of Object.entries(parts)) {
    const { data, mediaType } = received.files[part] as UploadedFile;
    if (data.byteLength === 0) throw new Failure('BAD_INPUT', `The file "${part}" is empty.`);
    const type = await mediaTypeOf(data, mediaType, accepts).catch((error: unknown) => {
      throw isFailure(error) ? new Failure(error.code, `${part}: ${error.message}`, { cause: error }) : error;
    });
    files.push({ name: part, mediaType: type, byteLength: data.byteLength });
    bytes.push(data);
  }
  const [first = new Uint8Array(), ...more] = bytes;
  return { bytes: first, more, mediaType: null, files };
}

/**
 * Checks parameters and fills in defaults.
 * Throws `INVALID_PARAMETERS` with the path of each mistake, unknown names included.
 * @param name of the object that has them in the body
 */
export function checkParameters(task: Task, parameters: unknown, name = 'params'): Record<string, unknown> {
  const parsed = task.params.safeParse(parameters ?? {});
  if (parsed.success) return parsed.data;
  const issues = toIssues(parsed.error, [name]);
  throw new Failure('INVALID_PARAMETERS', issues.map(({ path, message }) => `${path}: ${message}`).join('; '), {
    issues,
  });
}

/** Converts text to the types in the task's schema, not the values of fields of JSON; what does not convert is left for the check to refuse. */
export function fromText(task: Task, parameters: FormParameters): Record<string, unknown> {
  if (Object.keys(parameters).length > maxParameters)
    throw new Failure('BAD_INPUT', `Send at most ${maxParameters} parameters.`);
  const { properties = {} } = jsonSchemaOf(task.params, 'input');
  return Object.fromEntries(
    Object.entries(parameters).map(([name, text]) => {
      const schema = Object.hasOwn(properties, name) ? properties[name] : undefined;
      return [name, typeof schema === 'object' ? convert(text, schema) : text];
    }),
  );
}

/** What people and other languages write: Python sends `True`, a checkbox `on`. */
const booleans = new Map([
  ['true', true],
  ['1', true],
  ['yes', true],
  ['on', true],
  ['false', false],
  ['0', false],
  ['no', false],
  ['off', false],
]);

function convert(given: unknown, schema: JsonSchema): unknown {
  if (schema.type === 'array' && given !== null) {
    const items: readonly unknown[] = Array.isArray(given) ? given : [given];
    const itemSchema = typeof schema.items === 'object' && !Array.isArray(schema.items) ? schema.items : {};
    return items.map((item) => convert(item, itemSchema));
  }
  // A field may say that it is JSON and still be meant as text.
  if (schema.type === 'string' && given !== null && !Array.isArray(given) && typeof given !== 'string')
    return JSON.stringify(given);
  if (typeof given !== 'string') return given;
  const text = given;
  if (schema.type === 'number' || schema.type === 'integer')
    return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
  if (schema.type === 'boolean') return booleans.get(text.trim().toLowerCase()) ?? text;
  return text;
}
