import { randomBytes } from 'node:crypto';
import { type Datatype, elementBytes } from '@portico/schemas';
import type { SplitJson } from '../input/split-json.ts';
import { isSpace } from './float-arrays.ts';
import { parseJson } from './parse-json.ts';
import {
  maxAxes,
  type ParsedHead,
  type RequestHead,
  type RequestInput,
  type RequestOutput,
  sharedMemoryParameters,
  withExactData,
} from './request-head.ts';

// Checks the head of nearly every request by hand, which takes Zod 10 µs and more.

/** In a simple head. */
const maxTensors = 64;
const noParts: SplitJson['parts'] = new Map();

/** What precedes the values, as clients write it. */
const dataName = Buffer.from('"data":');
const listStart = 0x5b;
/** Stands for the values in the rest of the head. No client can know it. */
const marker = randomBytes(24).toString('base64');

/** A head, and the JSON of the data that was left out of it, by the marker in its place. */
export interface SplitHead {
  readonly parsed: ParsedHead;
  readonly parts: SplitJson['parts'];
}

/**
 * Reads the JSON of an inference request without rare features; undefined for any other, and for one that is wrong: `readHead`
 * says why. Both read what is read here with the same result. Throws `BAD_INPUT` for what is not JSON.
 */
export function readSimpleHead(json: Buffer): SplitHead | undefined {
  return readWithoutData(json) ?? readWhole(json.toString('utf8'));
}

function readWhole(text: string): SplitHead | undefined {
  const known = knownHeads.get(text);
  if (known !== undefined) return { parsed: withExactData(known, text), parts: noParts };
  const head = simpleHead(parseJson(text));
  if (head === undefined) return undefined;
  remember(text, head);
  return { parsed: withExactData(head, text), parts: noParts };
}

/** The head of one input whose data is the marker; undefined if something else was left out, or it is not JSON. */
function headWithMarker(text: string): RequestHead | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const head = simpleHead(value);
  return head?.inputs.length === 1 && head.inputs[0]?.data === marker ? head : undefined;
}

/** Heads by their text: as a rule, a client sends the same one with each of its requests. */
const knownHeads = new Map<string, RequestHead>();
const maxKnownHeads = 64;
const maxKnownLength = 1_024;

function remember(text: string, head: RequestHead): void {
  if (text.length > maxKnownLength) return;
  if (knownHeads.size >= maxKnownHeads) knownHeads.clear();
  knownHeads.set(text, head);
}

/** Leaves the numbers of the one input unparsed, if they are a flat array: one that has no other bracket in it. */
function readWithoutData(json: Buffer): SplitHead | undefined {
  const start = json.indexOf(dataName) + dataName.length;
  if (start < dataName.length) return undefined;
  let list = start;
  while (isSpace(json[list])) list += 1;
  const end = json.indexOf(']', list) + 1;
  if (json[list] !== listStart || end === 0) return undefined;
  const text = `${json.toString('utf8', 0, start)}"${marker}"${json.toString('utf8', end)}`;
  const head = knownHeads.get(text) ?? headWithMarker(text);
  if (head === undefined) return undefined;
  remember(text, head);
  return { parsed: { head, exactData: () => undefined }, parts: new Map([[marker, json.subarray(list, end)]]) };
}

function simpleHead(value: unknown): RequestHead | undefined {
  if (!isObject(value)) return undefined;
  const { id, parameters, inputs, outputs } = value;
  if (!isLeftOut(id) && !isText(id)) return undefined;
  const readInputs = listOf(inputs, inputFrom);
  const readOutputs = isLeftOut(outputs) ? null : listOf(outputs, outputFrom);
  const readParameters = isLeftOut(parameters) ? null : parametersFrom(parameters);
  if (readInputs === undefined || readOutputs === undefined || readParameters === undefined) return undefined;
  return {
    id: id ?? undefined,
    parameters: readParameters ?? undefined,
    inputs: readInputs,
    outputs: readOutputs ?? undefined,
  };
}

type Parameters = NonNullable<RequestHead['parameters']>;

function parametersFrom(value: unknown): Parameters | undefined {
  if (!isObject(value)) return undefined;
  const { binary_data_output, timeout, sequence_id } = value;
  if (sequence_id !== undefined || !isOptional(isBoolean, binary_data_output) || !isOptional(isLength, timeout))
    return undefined;
  return { binary_data_output, timeout } as Parameters;
}

function inputFrom(value: unknown): RequestInput | undefined {
  if (!isObject(value)) return undefined;
  const { name, datatype, shape, parameters, data } = value;
  if (!isText(name) || !isText(datatype) || !Object.hasOwn(elementBytes, datatype)) return undefined;
  if (!Array.isArray(shape) || shape.length > maxAxes || !shape.every(isLength)) return undefined;
  if (!isLeftOut(parameters) && !areParameters(parameters, 'binary_data_size', isLength)) return undefined;
  const size = isLeftOut(parameters) ? undefined : { binary_data_size: parameters['binary_data_size'] };
  return { name, datatype: datatype as Datatype, shape, parameters: size as RequestInput['parameters'], data };
}

function outputFrom(value: unknown): RequestOutput | undefined {
  if (!isObject(value)) return undefined;
  const { name, parameters } = value;
  if (!isText(name)) return undefined;
  if (isLeftOut(parameters)) return { name, parameters: undefined };
  if (!areParameters(parameters, 'binary_data', isBoolean) || parameters['classification'] !== undefined)
    return undefined;
  return { name, parameters: { binary_data: parameters['binary_data'] } as RequestOutput['parameters'] };
}

/** Whether these are a tensor's parameters, of which at most this one matters. */
const areParameters = (
  value: unknown,
  name: string,
  is: (value: unknown) => boolean,
): value is Record<string, unknown> =>
  isObject(value) && isOptional(is, value[name]) && sharedMemoryParameters.every((rare) => value[rare] === undefined);

function listOf<Item>(value: unknown, read: (item: unknown) => Item | undefined): Item[] | undefined {
  if (!Array.isArray(value) || value.length > maxTensors) return undefined;
  const items: Item[] = [];
  for (const one of value) {
    const item = read(one);
    if (item === undefined) return undefined;
    items.push(item);
  }
  return items;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string';
const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';
const isLength = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
/** Some clients write null for what they leave out. */
const isLeftOut = (value: unknown): value is null | undefined => value === null || value === undefined;
const isOptional = (is: (value: unknown) => boolean, value: unknown): boolean => value === undefined || is(value);
