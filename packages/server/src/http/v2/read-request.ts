import { elementBytes, Failure, type TensorSignature } from '@portico/schemas';
import { elementCount, type RawTensor } from '../../tensors/tensor-head.ts';
import { tooLarge } from '../input/body-reader.ts';
import { refuseManyValues } from '../input/many-values.ts';
import { checkedTensor } from '../tensors/check-bytes.ts';
import { checkInputHeads, checkOutputNames, quoted } from '../tensors/check-heads.ts';
import { rawInput } from './raw-input.ts';
import { type ParsedHead, readHead, type RequestInput } from './request-head.ts';
import { bytesFromJson } from './values-from-json.ts';

/** An inference request that the model can take. */
export interface TensorRequest {
  readonly id: string | undefined;
  readonly inputs: readonly RawTensor[];
  /** The outputs wanted, in order; undefined for all. */
  readonly outputs: readonly string[] | undefined;
  /** Outputs to answer as binary data. */
  readonly isBinary: (output: string) => boolean;
  readonly timeoutMs: number | undefined;
}

export interface Body {
  readonly bytes: Uint8Array;
  /** Bytes of the JSON before the binary data; 0 where there is none and everything is the one input. */
  readonly headBytes: number | undefined;
  readonly maxUploadBytes: number;
}

/** Millions of values as text would hold every other request up for seconds. As binary data they are welcome. */
const mostJsonValues = 1_000_000;

/**
 * Reads an inference request of any form: JSON, JSON with binary data after it, or the binary data of the one input.
 * Throws `BAD_INPUT` for what does not fit the model, `TOO_LARGE` for more tensor bytes than an upload may have.
 */
export function readRequest({ bytes, headBytes, maxUploadBytes }: Body, signature: TensorSignature): TensorRequest {
  if (headBytes === 0) {
    const inputs = [rawInput(bytes, signature)];
    return { id: undefined, inputs, outputs: undefined, isBinary: () => true, timeoutMs: undefined };
  }
  if (headBytes !== undefined && headBytes > bytes.byteLength) {
    throw new Failure('BAD_INPUT', `${headBytes} bytes of JSON were announced, ${bytes.byteLength} bytes came.`);
  }
  const json = bytes.subarray(0, headBytes);
  refuseManyValues(json, mostJsonValues);
  const parsed = readHead(json);
  const { head } = parsed;
  checkInputHeads(head.inputs, signature);
  if (head.outputs !== undefined) checkOutputNames(head.outputs, signature);
  if (head.inputs.reduce((sum, input) => sum + leastBytes(input), 0) > maxUploadBytes) throw tooLarge(maxUploadBytes);

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

/** A text may be empty, but for its length. */
const leastBytes = ({ datatype, shape }: RequestInput): number => elementCount(shape) * (elementBytes[datatype] ?? 4);

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
  throw new Failure('BAD_INPUT', `${start} bytes of binary data were announced, ${binary.byteLength} came.`);
}
