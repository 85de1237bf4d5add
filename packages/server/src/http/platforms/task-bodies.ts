import { Failure, isFailure, type Task } from '@portico/schemas';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { InferInput } from '../../inference.ts';
import type { Gateway } from '../gateway.ts';
import { decodedBytes, maxBodyBytes, readBody, uploadLease } from '../input/body.ts';
import { Base64File, checkShape, fileFromJson, parseBody } from '../input/json.ts';
import { checkInput, checkParameters, heldBytes, queryOf, withQuery } from '../input/read-input.ts';
import type { UploadedFile } from '../input/media-type.ts';
import { byteLengthOf, largePlaces, type ReadFile, receivedFromJson, type ReceivedInput } from '../input/received.ts';
import { type JsonPath, splitJson } from '../input/split-json.ts';

/** A file as `{"b64": …}`, as TensorFlow Serving and the examples of Vertex AI write it. */
const B64File = z.strictObject({ b64: z.string(), mediaType: z.string().max(255).optional() });

// Platforms add fields of their own, which are ignored.
const One = z.object({ input: z.unknown(), params: z.unknown().optional() });
const Inputs = z.object({ inputs: z.unknown(), parameters: z.unknown().optional() });
const Instances = z.object({ instances: z.array(z.unknown()), parameters: z.unknown().optional() });

/** Where a body may be large, as a file in any of its forms or as an input that is JSON. */
const places: readonly JsonPath[] = [['input'], ['inputs'], ['instances', '*']];
const encodings: readonly JsonPath[] = [[], ['data'], ['b64']];

/** A JSON body: one input, or a list, whose response is a list. */
export type TaskBody =
  | { readonly kind: 'input'; readonly input: InferInput }
  | { readonly kind: 'instances'; readonly instances: ReceivedInput[]; readonly params: unknown };

/**
 * Reads `{"input", "params"}` as the routes of tasks do, `{"inputs", "parameters"}` of Hugging Face, or
 * `{"instances", "parameters"}` of Vertex AI and KServe. A file is base64 or a data URL, or an object with one as `data` or
 * `b64`.
 */
export async function readTaskBody(gateway: Gateway, task: Task, request: FastifyRequest): Promise<TaskBody> {
  const { maxUploadBytes } = gateway.limits;
  const bytes = await readBody(gateway, request, maxBodyBytes('application/json', maxUploadBytes));
  const lease = uploadLease(gateway, request);
  // The files in it are held beside the text while they are decoded.
  lease.take(decodedBytes(bytes));
  const { text, parts } = await splitJson(bytes, () => largePlaces(task, places, encodings));
  const body = parseBody(text);
  const receive = (value: unknown, path: JsonPath): ReceivedInput =>
    receivedFromJson(task, value, { parts, maxUploadBytes, path }, platformFile);

  const parametersOf = (given: unknown): unknown => {
    const params = withQuery(task, queryOf(request), given);
    // Under the name that these platforms have for them.
    checkParameters(task, params, 'parameters');
    return params;
  };

  if (has(body, 'instances')) {
    const { instances: values, parameters } = checkShape(Instances, body, []);
    const instances = values.map((value, index) => receive(value, instancePath(index)));
    lease.hold(instances.reduce((sum, instance) => sum + byteLengthOf(instance), 0));
    return { kind: 'instances', instances, params: parametersOf(parameters) };
  }
  const checked = async (name: string, value: unknown, params: unknown): Promise<TaskBody> => {
    const input = await checkInput(task, receive(value, [name]), params, [name]);
    lease.hold(heldBytes(input));
    return { kind: 'input', input };
  };
  if (has(body, 'inputs')) {
    const { inputs, parameters } = checkShape(Inputs, body, []);
    return checked('inputs', inputs, parametersOf(parameters));
  }
  if (!has(body, 'input'))
    throw new Failure('BAD_INPUT', 'The JSON has neither instances, nor inputs, nor input. Send one of them.');
  const { input, params } = checkShape(One, body, []);
  return checked('input', input, withQuery(task, queryOf(request), params));
}

const has = (body: unknown, name: string): boolean =>
  typeof body === 'object' && body !== null && Object.hasOwn(body, name);

/** A file in any of its forms. */
const platformFile: ReadFile = (value, { parts, maxUploadBytes, path }) => {
  const file = (data: { data: string; mediaType?: string | undefined }, ...rest: JsonPath): UploadedFile =>
    fileFromJson(data, { parts, maxUploadBytes, name: [...path, ...rest].join('.') });
  if (typeof value === 'string') return file({ data: value });
  if (!has(value, 'b64')) return file(checkShape(Base64File, value, path), 'data');
  const { b64, mediaType } = checkShape(B64File, value, path);
  return file({ data: b64, mediaType }, 'b64');
};

export const instancePath = (index: number): JsonPath => ['instances', String(index)];

/** A failure of one of several instances, for which there is no other place than the message. */
export function atInstance(error: unknown, index: number): unknown {
  const place = instancePath(index).join('.');
  if (!isFailure(error) || error.message.startsWith(place)) return error;
  const { code, issues, retryAfterSeconds } = error;
  return new Failure(code, `${place}: ${error.message}`, { issues, retryAfterSeconds, cause: error });
}
