import { PorticoError, type PorticoErrorDetails } from '../errors/portico-error.ts';
import { arrays, elementCount, isCount, isDatatype, isShape } from './datatypes.ts';
import { unpackTexts } from './packed-texts.ts';
import type { Tensor, TensorAnswer, TensorDatatype, TensorValues } from './tensor.ts';

/** What the answer's headers tell, for the errors. */
export type AnswerDetails = Pick<PorticoErrorDetails, 'status' | 'requestId'>;

/** Makes an error of what is wrong with an answer. */
type Refuse = (detail: string, more?: PorticoErrorDetails) => PorticoError;

/**
 * Reads an inference response of the Open Inference Protocol: JSON, with the values after it, as they were asked for.
 *
 * @param headLength the header `inference-header-content-length`; without it the whole body is JSON.
 * @throws {PorticoError} `NETWORK` for what is no such response; retryable where its end is missing.
 */
export function decodeTensorAnswer(
  answer: Uint8Array | ArrayBuffer,
  headLength: number | undefined,
  details: AnswerDetails = {},
): TensorAnswer {
  const refuse: Refuse = (detail, more) =>
    new PorticoError('NETWORK', `The answer cannot be used: ${detail}.`, { ...details, retryable: false, ...more });
  // A Buffer is a Uint8Array whose slices are views; the copies below are to be copies.
  const bytes = ArrayBuffer.isView(answer)
    ? new Uint8Array(answer.buffer, answer.byteOffset, answer.byteLength)
    : new Uint8Array(answer);
  let start = headLength ?? bytes.byteLength;
  if (!isCount(start)) throw refuse('the length of its JSON is no number of bytes');
  const requireBytes = (count: number): void => {
    if (count <= bytes.byteLength) return;
    throw refuse(`it announces ${count} bytes and has ${bytes.byteLength}`, { retryable: true });
  };
  requireBytes(start);
  const head = readHead(bytes.subarray(0, start), refuse);
  const outputs = head.outputs.map((output, index) =>
    readOutput(output, index, refuse, (size) => {
      requireBytes(start + size);
      start += size;
      return bytes.subarray(start - size, start);
    }),
  );
  if (start < bytes.byteLength) throw refuse(`${bytes.byteLength - start} bytes at its end belong to no output`);
  const { model_name: model, model_version: version, id } = head;
  return { model, version: version ?? '', ...(typeof id === 'string' ? { id } : {}), outputs };
}

interface Head {
  readonly model_name: string;
  /** Some servers write null for what they leave out. */
  readonly model_version?: string | null;
  readonly id?: string | null;
  readonly outputs: readonly unknown[];
}

function readHead(json: Uint8Array, refuse: Refuse): Head {
  let head: unknown;
  try {
    head = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json));
  } catch (cause) {
    throw refuse('it is not JSON, or not where it says', { cause });
  }
  const { model_name: model, model_version: version, id, outputs } = Object(head) as { [Field in keyof Head]: unknown };
  const isText = (value: unknown): boolean => typeof (value ?? '') === 'string';
  if (typeof model === 'string' && isText(version) && isText(id) && Array.isArray(outputs)) return head as Head;
  throw refuse('it is no inference response of the Open Inference Protocol');
}

interface Output {
  readonly name: unknown;
  readonly datatype: unknown;
  readonly shape: unknown;
  readonly parameters?: { readonly binary_data_size?: unknown };
}

/** @param take the next bytes of the binary data. */
function readOutput(output: unknown, index: number, refuse: Refuse, take: (size: number) => Uint8Array): Tensor {
  const { name, datatype, shape, parameters } = Object(output) as Output;
  if (typeof name !== 'string' || !isDatatype(datatype) || !isShape(shape)) {
    throw refuse(`its output ${index} lacks a name, a datatype or a shape`);
  }
  const size = parameters?.binary_data_size;
  if (!isCount(size)) throw refuse(`the size of output ${JSON.stringify(name)} is no number of bytes`);
  const count = elementCount(shape);
  const values = valuesFromBytes(datatype, take(size));
  if (values?.length === count) return { name, datatype, shape, data: values } as Tensor;
  throw refuse(`what came for output ${JSON.stringify(name)} is not ${count} values of ${datatype}`);
}

/** The values where they are, if a typed array can be laid over them; undefined where they are none. */
function valuesFromBytes(datatype: TensorDatatype, bytes: Uint8Array): TensorValues[TensorDatatype] | undefined {
  if (datatype === 'BYTES') return unpackTexts(bytes);
  const { BYTES_PER_ELEMENT: size } = arrays[datatype];
  if (bytes.byteLength % size !== 0) return undefined;
  const { buffer, byteOffset } = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  return new arrays[datatype](buffer as ArrayBuffer, byteOffset, bytes.byteLength / size);
}
