import { elementBytes, Failure, type TensorMetadata, type TensorSignature } from '@portico/schemas';
import { elementCount, type RawTensor } from '../../tensors/raw-tensor.ts';
import { tooLarge } from '../input/body.ts';
import { checkedTensor, checkInputHeads, checkOutputNames, quoted } from '../input/tensors.ts';
import { bytesFromJson } from './json-values.ts';
import { type ParsedHead, readHead, type RequestInput } from './request-head.ts';

/** Millions of values as text would block every other request for seconds. Binary data has no such limit. */
const maxJsonValues = 1_000_000;

/** An inference request that fits the model. */
export interface TensorRequest {
  readonly id: string | undefined;
  readonly inputs: readonly RawTensor[];
  /** The outputs to return, in order; undefined for all. */
  readonly outputs: readonly string[] | undefined;
  /** Whether to return an output as binary data. */
  readonly isBinary: (output: string) => boolean;
  readonly timeoutMs: number | undefined;
}

export interface RequestBody {
  readonly bytes: Uint8Array;
  /** Length of the JSON before the binary data; 0 if there is none and everything is the one input. */
  readonly headBytes: number | undefined;
  readonly maxUploadBytes: number;
}

/**
 * Reads an inference request of any form: JSON, JSON with binary data after it, or the binary data of the one input.
 * Throws `BAD_INPUT` for what does not fit the model, `TOO_LARGE` for more tensor bytes than an upload may have.
 */
export function readRequest(
  { bytes, headBytes, maxUploadBytes }: RequestBody,
  signature: TensorSignature,
): TensorRequest {
  if (headBytes === 0) {
    const inputs = [binaryInput(bytes, signature)];
    return { id: undefined, inputs, outputs: undefined, isBinary: () => true, timeoutMs: undefined };
  }
  if (headBytes !== undefined && headBytes > bytes.byteLength) {
    throw new Failure(
      'BAD_INPUT',
      `Inference-Header-Content-Length is ${headBytes}, but the body has ${bytes.byteLength} bytes.`,
    );
  }
  const json = bytes.subarray(0, headBytes);
  checkValueCount(json, maxJsonValues);
  const parsed = readHead(json);
  const { head } = parsed;
  checkInputHeads(head.inputs, signature);
  if (head.outputs !== undefined) checkOutputNames(head.outputs, signature);
  if (head.inputs.reduce((sum, input) => sum + minBytesOf(input), 0) > maxUploadBytes) throw tooLarge(maxUploadBytes);

  const outputs = head.outputs?.length === 0 ? undefined : head.outputs;
  const byDefault = head.parameters?.binary_data_output ?? false;
  const binary = new Map(outputs?.map(({ name, parameters }) => [name, parameters?.binary_data ?? byDefault]));
  const { timeout = 0 } = head.parameters ?? {};
  return {
    id: head.id,
    inputs: readInputs(parsed, bytes.subarray(json.byteLength)),
    outputs: outputs?.map(({ name }) => name),
    isBinary: (output) => binary.get(output) ?? byDefault,
    // The parameter is in microseconds, and 0 is none.
    timeoutMs: timeout === 0 ? undefined : timeout / 1_000,
  };
}

/** A string may be empty, except for its length. */
const minBytesOf = ({ datatype, shape }: RequestInput): number => elementCount(shape) * (elementBytes[datatype] ?? 4);

/** Throws `BAD_INPUT` for a JSON text of too many values, before it is parsed. */
function checkValueCount(json: Uint8Array, maxValues: number): void {
  const text = Buffer.from(json.buffer, json.byteOffset, json.byteLength);
  let count = 0;
  for (const mark of [',', '{', '[']) {
    for (let at = text.indexOf(mark); at !== -1; at = text.indexOf(mark, at + 1)) {
      count += 1;
      if (count > maxValues) throw new Failure('BAD_INPUT', `The body contains more than ${maxValues} values.`);
    }
  }
}

/** Each input has its values in the JSON, or takes the next bytes of the binary data. */
function readInputs({ head, exactData }: ParsedHead, binary: Uint8Array): RawTensor[] {
  let start = 0;
  const inputs = head.inputs.map((input, index) => {
    const size = input.parameters?.binary_data_size;
    if ((size === undefined) === (input.data === undefined)) {
      throw new Failure('BAD_INPUT', `Input ${quoted(input)} needs either data or the parameter binary_data_size.`);
    }
    if (size === undefined) {
      const isLong = input.datatype === 'INT64' || input.datatype === 'UINT64';
      return checkedTensor(input, bytesFromJson(input, isLong ? exactData(index) : input.data));
    }
    const bytes = binary.subarray(start, start + size);
    start += size;
    return checkedTensor(input, bytes);
  });
  if (start === binary.byteLength) return inputs;
  throw new Failure(
    'BAD_INPUT',
    `The inputs declare ${start} bytes of binary data, but ${binary.byteLength} were sent.`,
  );
}

/**
 * A body that is nothing but the values of the one input; its shape follows from their number.
 * Throws `BAD_INPUT` for a model with more inputs, and where more than one shape would fit.
 */
function binaryInput(bytes: Uint8Array, { inputs }: TensorSignature): RawTensor {
  const [input] = inputs;
  if (input === undefined || inputs.length > 1) {
    throw new Failure('BAD_INPUT', `Binary data without JSON needs a model with one input; this has ${inputs.length}.`);
  }
  const { name, datatype } = input;
  const size = elementBytes[datatype];
  if (size === null) return checkedTensor({ name, datatype, shape: inferredShape(input, 1) }, oneString(bytes));
  return checkedTensor({ name, datatype, shape: inferredShape(input, bytes.byteLength / size) }, bytes);
}

/** Of two variable axes the first counts rows, of which there is one. */
function inferredShape({ shape }: TensorMetadata, elements: number): number[] {
  const variable = shape.filter((length) => length === -1).length;
  if (variable > 2 || (variable === 2 && shape[0] !== -1)) {
    throw new Failure('BAD_INPUT', 'The input has several variable axes. Send its shape in JSON.');
  }
  const given = variable === 2 ? [1, ...shape.slice(1)] : shape;
  const others = elementCount(given.filter((length) => length !== -1));
  const length = others === 0 ? 0 : Math.floor(elements / others);
  return given.map((one) => (one === -1 ? length : one));
}

/** The whole body as one string of BYTES. */
function oneString(bytes: Uint8Array): Uint8Array {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.byteLength);
  return Buffer.concat([length, bytes]);
}
