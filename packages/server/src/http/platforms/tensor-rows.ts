import { isUtf8 } from 'node:buffer';
import { Failure, type TensorSignature } from '@portico/schemas';
import { elementCount, type RawTensor } from '../../tensors/raw-tensor.ts';
import { textPieces, typedView } from '../../tensors/values.ts';
import { countUpTo } from '../input/split-json.ts';
import { checkedTensor, checkInputHeads, quoted } from '../input/tensors.ts';
import { joinedInTurns, Turn } from '../input/turn.ts';
import { checkJsonTexts, maxOutputTextBytes } from '../json-texts.ts';
import { bytesFromParsed, numbersToJson, textBytesPerPiece, valuesPerPiece } from '../v2/json-values.ts';
import { keepsDigits, NonFinite, parseExactly, parseJson } from '../v2/parse-json.ts';

/** Parsed at once, which takes some 10 ms. */
const maxRowsBytes = 1024 * 1024;
/** Brackets and quotes in it. An object takes ten times as long as a number, so that a megabyte of them would take 100 ms. */
const maxMarks = 100_000;
/** More values would make a response of tens of megabytes. */
const maxJsonValues = 1_000_000;

const useTensors = 'Send tensors of the Open Inference Protocol in place of instances.';

/**
 * The rows of `{"instances": […]}`: the values of one input without its first axis, or an object with the values of each.
 * Undefined for any other body. Rejects with `TOO_LARGE` for more than is parsed at once.
 */
export async function readRows(body: Buffer, { inputs }: TensorSignature): Promise<readonly unknown[] | undefined> {
  if (body.length > maxRowsBytes || marksIn(body) > maxMarks) {
    if (!/^\s*\{\s*"instances"/.test(body.toString('latin1', 0, 100))) return undefined;
    const limit = `${maxRowsBytes / 1024} KiB of JSON, or more than ${maxMarks} brackets and quotes`;
    throw new Failure('TOO_LARGE', `The instances take more than ${limit}. ${useTensors}`);
  }
  if (!body.includes('"instances"') || !isUtf8(body)) return undefined;
  const turn = new Turn();
  const needsDigits = inputs.some(({ datatype }) => keepsDigits(datatype));
  const value = (needsDigits ? parseExactly : parseJson)(body.toString('utf8'));
  if (!isObject(value) || !Object.hasOwn(value, 'instances')) return undefined;
  const { instances } = value;
  if (!Array.isArray(instances) || instances.length === 0)
    throw new Failure('BAD_INPUT', 'instances is not a list of one or more.');
  if (turn.isOver) await turn.next();
  return instances;
}

const marksIn = (body: Buffer): number => {
  if (body.length <= maxMarks) return 0;
  return [...Buffer.from('[{"')].reduce((sum, mark) => sum + countUpTo(body, mark, maxMarks), 0);
};

/** A tensor for each input, with a row for each instance. Throws `BAD_INPUT` where they do not fit the model. */
export async function tensorsFromRows(
  instances: readonly unknown[],
  signature: TensorSignature,
): Promise<readonly RawTensor[]> {
  const { inputs } = signature;
  for (const instance of instances) {
    if (!isObject(instance)) continue;
    const unknown = Object.keys(instance).find((key) => !inputs.some(({ name }) => name === key));
    if (unknown !== undefined) throw new Failure('BAD_INPUT', `The model has no input ${quoted({ name: unknown })}.`);
  }
  const turn = new Turn();
  const tensors: RawTensor[] = [];
  for (const { name, datatype } of inputs) {
    if (turn.isOver) await turn.next();
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
  const columns: Column[] = [];
  for (const { head, bytes } of outputs) {
    const [, ...axes] = head.shape;
    const column = { axes, step: elementCount(axes), write: listWriter(yield* flatWriter({ head, bytes })) };
    columns.push({ name: JSON.stringify(head.name), ...column });
  }
  yield '{"predictions":';
  const [only] = columns;
  if (only !== undefined && columns.length === 1) yield* only.write(0, [rows, ...only.axes]);
  else {
    for (let row = 0; row < rows; row += 1) {
      yield row === 0 ? '[' : ',';
      for (const [index, { name, step, axes, write }] of columns.entries()) {
        yield `${index === 0 ? '{' : ','}${name}:`;
        yield* write(row * step, axes);
      }
      yield '}';
    }
    yield ']';
  }
  yield '}';
}

/** Writes as many elements as the shape has, from an index on, as nested lists. */
type ListWriter = (start: number, shape: readonly number[]) => Iterable<string>;

interface Column {
  readonly name: string;
  /** The shape of a row, and its elements. */
  readonly axes: readonly number[];
  readonly step: number;
  readonly write: ListWriter;
}

/** Separated by commas, from one index to another. */
type FlatWriter = (start: number, end: number) => string;

/** Writes in pieces that each take a millisecond. */
function listWriter(flat: FlatWriter): ListWriter {
  const inOne = (start: number, [length, ...rest]: readonly number[]): string => {
    if (length === undefined) return flat(start, start + 1);
    if (rest.length === 0) return `[${flat(start, start + length)}]`;
    const step = elementCount(rest);
    return `[${Array.from({ length }, (_, index) => inOne(start + index * step, rest)).join(',')}]`;
  };
  function* inPieces(start: number, [length = 0, ...rest]: readonly number[]): Generator<string, void> {
    const step = elementCount(rest);
    const count = Math.max(1, Math.floor(valuesPerPiece / Math.max(1, step)));
    yield '[';
    for (let index = 0; index < length; index += count) {
      if (index > 0) yield ',';
      if (step > valuesPerPiece) yield* inPieces(start + index * step, rest);
      else yield inOne(start + index * step, [Math.min(count, length - index), ...rest]).slice(1, -1);
    }
    yield ']';
  }
  return (start, shape) => (elementCount(shape) <= valuesPerPiece ? [inOne(start, shape)] : inPieces(start, shape));
}

/** Yields while texts are unpacked. */
function* flatWriter({ head: { datatype }, bytes }: RawTensor): Generator<string, FlatWriter> {
  if (datatype !== 'BYTES') {
    const values = typedView(datatype, bytes);
    return (start, end) => numbersToJson(datatype, values.subarray(start, end));
  }
  const texts: string[] = [];
  let isRest = false;
  for (const { texts: some, continues } of textPieces(bytes, textBytesPerPiece)) {
    for (const [index, text] of some.entries())
      if (isRest && index === 0) texts[texts.length - 1] += text;
      else texts.push(text);
    isRest = continues;
    yield '';
  }
  return (start, end) =>
    texts
      .slice(start, end)
      .map((text) => JSON.stringify(text))
      .join(',');
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof NonFinite);
