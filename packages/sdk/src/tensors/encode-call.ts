import { PorticoError } from '../errors/portico-error.ts';
import { tagOf } from '../files/file-input.ts';
import { arrays, defaultDatatype, elementCount, isDatatype, isShape, type NumericDatatype } from './datatypes.ts';
import { packTexts, unpackTexts } from './packed-texts.ts';
import type { InputTensor, TensorDatatype } from './tensor.ts';

/** One call of a model of the model repository. */
export interface TensorCall {
  readonly inputs: readonly InputTensor[];
  /**
   * Names of the outputs to return, in order.
   * @default all
   */
  readonly outputs?: readonly string[] | undefined;
  /** @default the newest */
  readonly version?: string | undefined;
}

/** The body of `POST …/infer`. */
export interface EncodedCall {
  /** JSON, followed by the values: views of the given arrays, for a `Blob` to copy. */
  readonly body: readonly Uint8Array<ArrayBuffer>[];
  /** The size of the JSON in bytes, for the header `inference-header-content-length`. */
  readonly headLength: number;
}

/** An input as it travels. */
interface WireTensor {
  readonly name: string;
  readonly datatype: TensorDatatype;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** Creates the error of one input. */
type Reject = (detail: string) => PorticoError;

/** Half of a surrogate pair is not a character, and UTF-8 would change the text. */
const halfOfPair = /\p{Surrogate}/u;

/**
 * An inference request of the Open Inference Protocol with all values, in the response too, as binary data.
 * https://kserve.github.io/website/docs/concepts/architecture/data-plane/v2-protocol/binary-tensor-data-extension
 *
 * @throws {PorticoError} `BAD_INPUT` if the inputs or the names of the outputs are invalid.
 */
export function encodeTensorCall({ inputs, outputs }: TensorCall): EncodedCall {
  if (!Array.isArray(inputs)) throw new PorticoError('BAD_INPUT', 'inputs must be an array of tensors.');
  const tensors = inputs.map(toWireTensor);
  validateNames(
    'input',
    tensors.map(({ name }) => name),
  );
  if (outputs !== undefined) validateNames('output', outputs);
  const head = {
    inputs: tensors.map(({ bytes, ...fields }) => ({ ...fields, parameters: { binary_data_size: bytes.byteLength } })),
    outputs: outputs?.map((name) => ({ name })),
    parameters: { binary_data_output: true },
  };
  const json = new TextEncoder().encode(JSON.stringify(head));
  return { body: [json, ...tensors.map(({ bytes }) => forBlob(bytes))], headLength: json.byteLength };
}

function validateNames(kind: string, names: readonly unknown[]): void {
  if (!Array.isArray(names) || names.some((name) => typeof name !== 'string' || name === '')) {
    throw new PorticoError('BAD_INPUT', `${kind}s must be an array of names.`);
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new PorticoError('BAD_INPUT', `The ${kind} ${JSON.stringify(twice)} is named twice.`);
}

/** A `Blob` rejects memory that is shared or resizable. */
function forBlob(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer } = bytes;
  const isFixed = tagOf(buffer) === 'ArrayBuffer' && !('resizable' in buffer && buffer.resizable === true);
  return isFixed ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes);
}

/** Validates an input, whatever it is, and encodes its values. Numbers are not copied. */
function toWireTensor(input: InputTensor): WireTensor {
  const { name, shape, data, datatype } = Object(input) as Partial<InputTensor>;
  if (typeof name !== 'string' || name === '') throw new PorticoError('BAD_INPUT', 'Every input needs a name.');
  const reject: Reject = (detail) => new PorticoError('BAD_INPUT', `Input ${JSON.stringify(name)}: ${detail}.`);
  if (!isShape(shape)) throw reject('its shape must be an array of whole numbers from 0');
  if (datatype !== undefined && !isDatatype(datatype)) throw reject(`there is no datatype "${String(datatype)}"`);
  if (Array.isArray(data)) {
    if (datatype !== undefined && datatype !== 'BYTES') throw reject(`an array of texts is BYTES, not ${datatype}`);
    return { name, datatype: 'BYTES', shape, bytes: bytesOfTexts(data, elementCount(shape), reject) };
  }
  const own = defaultDatatype(tagOf(data));
  if (!ArrayBuffer.isView(data) || own === undefined) {
    throw reject(`its data must be a typed array or texts, but this is a value of type ${tagOf(data)}`);
  }
  const wanted = datatype ?? own;
  return { name, datatype: wanted, shape, bytes: bytesOfNumbers({ data, own, wanted }, elementCount(shape), reject) };
}

function bytesOfTexts(texts: readonly unknown[], count: number, reject: Reject): Uint8Array {
  for (const [index, text] of texts.entries()) {
    if (typeof text !== 'string') {
      throw reject(`element ${index} is not a text; pass numbers as a typed array, such as Float32Array.from(data)`);
    }
    if (halfOfPair.test(text)) throw reject(`element ${index} has half of a surrogate pair, which is not a character`);
  }
  if (texts.length !== count) throw reject(`its shape has ${count} texts, but its data has ${texts.length}`);
  return packTexts(texts as readonly string[]);
}

interface Numbers {
  readonly data: ArrayBufferView;
  readonly own: NumericDatatype;
  readonly wanted: TensorDatatype;
}

function bytesOfNumbers({ data, own, wanted }: Numbers, count: number, reject: Reject): Uint8Array {
  const isBytes = tagOf(data) === 'Uint8Array';
  const isBits = own === 'UINT16' && (wanted === 'FP16' || wanted === 'BF16');
  if (own !== wanted && !isBytes && !isBits) throw reject(`${tagOf(data)} cannot hold ${wanted}`);
  const { BYTES_PER_ELEMENT: size } = arrays[own];
  const bytes = (): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (wanted === 'BYTES') {
    // A copy, because browsers do not decode shared memory.
    const given = unpackTexts(bytes().slice())?.length;
    if (given === undefined) throw reject('bytes of BYTES must be UTF-8, each text after its length in four bytes');
    if (given !== count) throw reject(`its shape has ${count} texts, but its data has ${given}`);
  } else if (isBytes && data.byteLength !== count * arrays[wanted].BYTES_PER_ELEMENT) {
    const needed = count * arrays[wanted].BYTES_PER_ELEMENT;
    throw reject(`${count} values of ${wanted} are ${needed} bytes, but its data has ${data.byteLength}`);
  } else if (!isBytes && data.byteLength !== count * size) {
    throw reject(`its shape has ${count} values, but its data has ${data.byteLength / size}`);
  }
  if (wanted === 'BOOL' && !isFlags(bytes())) throw reject('each byte of BOOL must be 0 or 1');
  return bytes();
}

/** Counted by index: a callback or an iterator step per byte takes ten times as long. */
function isFlags(bytes: Uint8Array): boolean {
  let all = 0;
  for (let index = 0; index < bytes.byteLength; index += 1) all |= bytes[index] ?? 0;
  return all <= 1;
}
