import { PorticoError, type PorticoErrorDetails } from '../errors/portico-error.ts';
import { arrays, elementCount, isCount, isDatatype, isShape } from './datatypes.ts';
import { unpackTexts } from './packed-texts.ts';
import type { Tensor, TensorDatatype, TensorResult, TensorValues } from './tensor.ts';

/** What the response says besides its body, for the errors. */
export type ResponseDetails = Pick<PorticoErrorDetails, 'status' | 'requestId'>;

/** Creates the error of an unusable response. */
type Reject = (detail: string, more?: PorticoErrorDetails) => PorticoError;

/**
 * Reads an inference response of the Open Inference Protocol: JSON, followed by the values.
 *
 * @param headLength the header `inference-header-content-length`; without it the whole body is JSON.
 * @throws {PorticoError} `NETWORK` if it is not such a response; retryable if its end is missing.
 */
export function decodeTensorResult(
  body: Uint8Array | ArrayBuffer,
  headLength: number | undefined,
  details: ResponseDetails = {},
): TensorResult {
  const reject: Reject = (detail, more) =>
    new PorticoError('NETWORK', `The response cannot be used: ${detail}.`, { ...details, retryable: false, ...more });
  // A slice of a Buffer is a view; the copies below must be copies.
  const bytes = ArrayBuffer.isView(body)
    ? new Uint8Array(body.buffer, body.byteOffset, body.byteLength)
    : new Uint8Array(body);
  let start = headLength ?? bytes.byteLength;
  if (!isCount(start)) throw reject('the length of its JSON is not a number of bytes');
  const requireBytes = (count: number): void => {
    if (count <= bytes.byteLength) return;
    throw reject(`it announces ${count} bytes but has ${bytes.byteLength}`, { retryable: true });
  };
  requireBytes(start);
  const head = readHead(bytes.subarray(0, start), reject);
  const outputs = head.outputs.map((output, index) =>
    readOutput(output, index, reject, (size) => {
      requireBytes(start + size);
      start += size;
      return bytes.subarray(start - size, start);
    }),
  );
  if (start < bytes.byteLength) throw reject(`${bytes.byteLength - start} bytes at its end belong to no output`);
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

function readHead(json: Uint8Array, reject: Reject): Head {
  let head: unknown;
  try {
    head = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json));
  } catch (cause) {
    throw reject('its JSON cannot be read', { cause });
  }
  const { model_name: model, model_version: version, id, outputs } = Object(head) as { [Field in keyof Head]: unknown };
  const isText = (value: unknown): boolean => typeof (value ?? '') === 'string';
  if (typeof model === 'string' && isText(version) && isText(id) && Array.isArray(outputs)) return head as Head;
  throw reject('it is not an inference response of the Open Inference Protocol');
}

interface Output {
  readonly name: unknown;
  readonly datatype: unknown;
  readonly shape: unknown;
  readonly parameters?: { readonly binary_data_size?: unknown };
}

/** @param take the next bytes of the binary data. */
function readOutput(output: unknown, index: number, reject: Reject, take: (size: number) => Uint8Array): Tensor {
  const { name, datatype, shape, parameters } = Object(output) as Output;
  if (typeof name !== 'string' || !isDatatype(datatype) || !isShape(shape)) {
    throw reject(`its output ${index} lacks a name, a datatype or a shape`);
  }
  const size = parameters?.binary_data_size;
  if (!isCount(size)) throw reject(`the size of output ${JSON.stringify(name)} is not a number of bytes`);
  const count = elementCount(shape);
  const values = valuesFromBytes(datatype, take(size));
  if (values?.length === count) return { name, datatype, shape, data: values } as Tensor;
  throw reject(`the data of output ${JSON.stringify(name)} is not ${count} values of ${datatype}`);
}

/** The values in place if a typed array can be laid over them, else a copy; undefined if they are invalid. */
function valuesFromBytes(datatype: TensorDatatype, bytes: Uint8Array): TensorValues[TensorDatatype] | undefined {
  if (datatype === 'BYTES') return unpackTexts(bytes);
  const { BYTES_PER_ELEMENT: size } = arrays[datatype];
  if (bytes.byteLength % size !== 0) return undefined;
  const { buffer, byteOffset } = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  return new arrays[datatype](buffer as ArrayBuffer, byteOffset, bytes.byteLength / size);
}
