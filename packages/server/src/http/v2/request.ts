import { isUtf8 } from 'node:buffer';
import { elementBytes, Failure, type TensorMetadata, type TensorSignature } from '@portico/schemas';
import { elementCount, type RawTensor } from '../../tensors/raw-tensor.ts';
import { tooLarge } from '../input/body.ts';
import { checkedTensor, checkInputHeads, checkOutputNames, quoted } from '../input/tensors.ts';
import { splitJson, type SplitJson } from '../input/split-json.ts';
import { bytesFromJson, bytesFromParsed, floatsFromJson } from './json-values.ts';
import { type ParsedHead, readHead, type RequestInput } from './request-head.ts';
import { readSimpleHead, type SplitHead } from './simple-head.ts';

/** JSON of no more bytes is parsed at once, in half a millisecond. */
const smallBytes = 64 * 1024;
/** Where the JSON may be large. */
const largeData = { values: [['inputs', '*', 'data']] };

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
  readonly bytes: Buffer;
  /** Length of the JSON before the binary data; 0 if there is none and everything is the one input. */
  readonly headBytes: number | undefined;
  readonly maxUploadBytes: number;
}

/**
 * Reads an inference request of any form: JSON, JSON with binary data after it, or the binary data of the one input.
 * Throws `BAD_INPUT` for what does not fit the model, `TOO_LARGE` for more tensor bytes than an upload may have.
 */
export async function readRequest(
  { bytes, headBytes, maxUploadBytes }: RequestBody,
  signature: TensorSignature,
): Promise<TensorRequest> {
  if (headBytes === 0) {
    const inputs = [await binaryInput(bytes, signature)];
    return { id: undefined, inputs, outputs: undefined, isBinary: () => true, timeoutMs: undefined };
  }
  if (headBytes !== undefined && headBytes > bytes.byteLength) {
    throw new Failure(
      'BAD_INPUT',
      `Inference-Header-Content-Length is ${headBytes}, but the body has ${bytes.byteLength} bytes.`,
    );
  }
  const json = bytes.subarray(0, headBytes);
  if (json.length === 0) throw new Failure('BAD_INPUT', 'The body is empty.');
  const { parsed, parts } = simpleHeadOf(json) ?? (await splitHead(json));
  const { head } = parsed;
  checkInputHeads(head.inputs, signature);
  if (head.outputs !== undefined) checkOutputNames(head.outputs, signature);
  if (head.inputs.reduce((sum, input) => sum + minBytesOf(input), 0) > maxUploadBytes) throw tooLarge(maxUploadBytes);

  const outputs = head.outputs?.length === 0 ? undefined : head.outputs;
  const byDefault = head.parameters?.binary_data_output ?? false;
  const requested = (output: string): boolean | undefined =>
    outputs?.find(({ name }) => name === output)?.parameters?.binary_data;
  const { timeout = 0 } = head.parameters ?? {};
  return {
    id: head.id,
    inputs: await readInputs(parsed, parts, bytes.subarray(json.byteLength)),
    outputs: outputs?.map(({ name }) => name),
    isBinary: (output) => requested(output) ?? byDefault,
    // The parameter is in microseconds, and 0 is none.
    timeoutMs: timeout === 0 ? undefined : timeout / 1_000,
  };
}

const simpleHeadOf = (json: Buffer): SplitHead | undefined =>
  json.length <= smallBytes && isUtf8(json) ? readSimpleHead(json) : undefined;

async function splitHead(json: Buffer): Promise<SplitHead> {
  const { text, parts } = await splitJson(json, () => largeData);
  return { parsed: readHead(text), parts };
}

/** A string may be empty, except for its length. */
const minBytesOf = ({ datatype, shape }: RequestInput): number => elementCount(shape) * (elementBytes[datatype] ?? 4);

/** Each input has its values in the JSON, or takes the next bytes of the binary data. */
async function readInputs(
  { head, exactData }: ParsedHead,
  parts: SplitJson['parts'],
  binary: Uint8Array,
): Promise<RawTensor[]> {
  let start = 0;
  const inputs: RawTensor[] = [];
  for (const [index, input] of head.inputs.entries()) {
    const size = input.parameters?.binary_data_size;
    if ((size === undefined) === (input.data === undefined)) {
      throw new Failure('BAD_INPUT', `Input ${quoted(input)} needs either data or the parameter binary_data_size.`);
    }
    if (size === undefined) {
      const json = typeof input.data === 'string' ? parts.get(input.data) : undefined;
      const values =
        json === undefined
          ? bytesFromParsed(input, exactData(index))
          : (floatsFromJson(input, json as Buffer) ?? (await bytesFromJson(input, json as Buffer)));
      inputs.push(await checkedTensor(input, values));
      continue;
    }
    const checked = checkedTensor(input, binary.subarray(start, start + size));
    start += size;
    inputs.push(checked instanceof Promise ? await checked : checked);
  }
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
async function binaryInput(bytes: Uint8Array, { inputs }: TensorSignature): Promise<RawTensor> {
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
