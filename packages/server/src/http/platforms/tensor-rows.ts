import { isUtf8 } from 'node:buffer';
import { Failure, type TensorSignature } from '@portico/schemas';
import { elementCount, type RawTensor } from '../../tensors/raw-tensor.ts';
import { unpackTexts } from '../../tensors/values.ts';
import { checkedTensor, checkInputHeads, quoted } from '../input/tensors.ts';
import { joinedInTurns } from '../input/turn.ts';
import { checkJsonTexts, maxOutputTextBytes } from '../json-texts.ts';
import { bytesFromParsed, jsonFromBytes } from '../v2/json-values.ts';
import { keepsDigits, parseExactly, parseJson } from '../v2/long-integers.ts';

/** Parsed at once, which takes some 10 ms. */
const maxRowsBytes = 1024 * 1024;
/** More values would make an answer of tens of megabytes. */
const maxJsonValues = 1_000_000;

const useTensors = 'Send tensors of the Open Inference Protocol in place of instances.';

/**
 * The rows of `{"instances": […]}`: the values of one input without its first axis, or an object with the values of each.
 * Undefined for any other body. Throws `TOO_LARGE` for more than is parsed at once.
 */
export function readRows(body: Buffer, { inputs }: TensorSignature): readonly unknown[] | undefined {
  if (body.length > maxRowsBytes) {
    if (!/^\s*\{\s*"instances"/.test(body.toString('latin1', 0, 100))) return undefined;
    throw new Failure('TOO_LARGE', `The instances take more than ${maxRowsBytes / 1024} KiB of JSON. ${useTensors}`);
  }
  if (!body.includes('"instances"') || !isUtf8(body)) return undefined;
  const needsDigits = inputs.some(({ datatype }) => keepsDigits(datatype));
  const value = (needsDigits ? parseExactly : parseJson)(body.toString('utf8'));
  if (!isObject(value) || !Object.hasOwn(value, 'instances')) return undefined;
  const { instances } = value;
  if (Array.isArray(instances) && instances.length > 0) return instances;
  throw new Failure('BAD_INPUT', 'instances is not a list of one or more.');
}

/** A tensor for each input, with a row for each instance. Throws `BAD_INPUT` where they do not fit the model. */
export async function tensorsFromRows(
  instances: readonly unknown[],
  signature: TensorSignature,
): Promise<readonly RawTensor[]> {
  const { inputs } = signature;
  const unknown = instances.flatMap((instance) =>
    isObject(instance) ? Object.keys(instance).filter((key) => !inputs.some(({ name }) => name === key)) : [],
  )[0];
  if (unknown !== undefined) throw new Failure('BAD_INPUT', `The model has no input ${quoted({ name: unknown })}.`);
  const tensors: RawTensor[] = [];
  for (const { name, datatype } of inputs) {
    const rows = instances.map((instance, index) => rowOf(instance, { name, index, isOnly: inputs.length === 1 }));
    const tensor = { name, datatype, shape: [rows.length, ...shapeOf(rows[0])] };
    checkInputHeads([tensor], { ...signature, inputs: inputs.filter((input) => input.name === name) });
    tensors.push(await checkedTensor(tensor, bytesFromParsed(tensor, rows)));
  }
  return tensors;
}

function rowOf(instance: unknown, { name, index, isOnly }: { name: string; index: number; isOnly: boolean }): unknown {
  if (isObject(instance) && Object.hasOwn(instance, name)) return instance[name];
  if (isOnly && !isObject(instance)) return instance;
  throw new Failure('BAD_INPUT', `instances.${index}: input ${quoted({ name })} is missing.`);
}

/** The shape of nested lists by their first elements; that of the others shows when they are counted. */
function shapeOf(row: unknown): number[] {
  const shape: number[] = [];
  for (let value = row; Array.isArray(value) && shape.length < 64; value = value[0]) shape.push(value.length);
  return shape;
}

/** `{"predictions": […]}`: a row of the one output for each instance, or an object with a row of each. */
export async function rowsFromTensors(outputs: readonly RawTensor[], rows: number): Promise<Buffer> {
  const odd = outputs.find(({ head }) => head.shape[0] !== rows);
  if (odd !== undefined)
    throw new Failure(
      'BAD_INPUT',
      `Output ${quoted(odd.head)} has the shape [${odd.head.shape.join(',')}], not a row for each of ${rows} instances. ${useTensors}`,
    );
  const values = outputs.reduce((sum, { head }) => sum + elementCount(head.shape), 0);
  if (values > maxJsonValues)
    throw new Failure(
      'BAD_INPUT',
      `The output has ${values} values; at most ${maxJsonValues} are written. ${useTensors}`,
    );
  checkJsonTexts(outputs, maxOutputTextBytes, useTensors);
  return joinedInTurns(predictionPieces(outputs, rows));
}

function* predictionPieces(outputs: readonly RawTensor[], rows: number): Generator<string, void> {
  const writers = outputs.map((output) => ({ name: output.head.name, write: rowWriter(output) }));
  yield '{"predictions":[';
  for (let row = 0; row < rows; row += 1) {
    if (row > 0) yield ',';
    if (writers.length === 1) {
      yield* (writers[0] as (typeof writers)[number]).write(row);
      continue;
    }
    for (const [index, { name, write }] of writers.entries()) {
      yield `${index === 0 ? '{' : ','}${JSON.stringify(name)}:`;
      yield* write(row);
    }
    yield '}';
  }
  yield ']}';
}

/** Writes a row of an output as nested lists. */
function rowWriter({ head, bytes }: RawTensor): (row: number) => Generator<string, void> {
  const [, ...axes] = head.shape;
  const elements = elementCount(axes);
  const texts = head.datatype === 'BYTES' ? unpackTexts(bytes) : undefined;
  const size = bytes.byteLength / Math.max(1, elementCount(head.shape));
  const flat = (start: number, count: number): Generator<string, void> | readonly string[] =>
    texts === undefined
      ? jsonFromBytes({ head, bytes: bytes.subarray(start * size, (start + count) * size) })
      : [JSON.stringify(texts.slice(start, start + count))];
  function* nested(start: number, [length, ...rest]: readonly number[]): Generator<string, void> {
    if (length === undefined) yield [...flat(start, 1)].join('').slice(1, -1);
    else if (rest.length === 0) yield* flat(start, length);
    else {
      const step = elementCount(rest);
      for (let index = 0; index < length; index += 1) {
        yield index === 0 ? '[' : ',';
        yield* nested(start + index * step, rest);
      }
      yield length === 0 ? '[]' : ']';
    }
  }
  return (row) => nested(row * elements, axes);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
