import { errorTable, Failure } from '@portico/schemas';
import { elementCount, type RawTensor } from '../../tensors/raw-tensor.ts';
import type { ErrorResponse } from '../errors/error-response.ts';
import { jsonFromBytes } from './json-values.ts';

/** More values as text would block every other request for seconds. */
const maxJsonValues = 1_000_000;

export interface ResponseHead {
  readonly model: string;
  readonly version: string;
  readonly id: string | undefined;
}

export interface ResponseBody {
  readonly body: Buffer;
  /** Length of the JSON before the binary data; undefined if everything is JSON. */
  readonly headBytes: number | undefined;
}

/**
 * An inference response: JSON, followed by the values of outputs requested as binary data.
 * Throws `BAD_INPUT` for too many values to write as JSON.
 */
export function writeResponse(
  { model, version, id }: ResponseHead,
  outputs: readonly RawTensor[],
  isBinary: (output: string) => boolean,
): ResponseBody {
  const binary = outputs.filter(({ head }) => isBinary(head.name));
  const values = outputs.reduce((sum, { head }) => sum + (isBinary(head.name) ? 0 : elementCount(head.shape)), 0);
  if (values > maxJsonValues) {
    throw new Failure(
      'BAD_INPUT',
      `The output has ${values} values; at most ${maxJsonValues} are returned as JSON. Request binary_data.`,
    );
  }
  const texts = outputs.map((output) => outputText(output, isBinary(output.head.name)));
  const about = JSON.stringify({ ...(id === undefined ? {} : { id }), model_name: model, model_version: version });
  const json = Buffer.from(`${about.slice(0, -1)},"outputs":[${texts.join(',')}]}`);
  if (binary.length === 0) return { body: json, headBytes: undefined };
  return { body: Buffer.concat([json, ...binary.map(({ bytes }) => bytes)]), headBytes: json.length };
}

function outputText(output: RawTensor, isBinary: boolean): string {
  const { name, datatype, shape, byteLength } = output.head;
  const about = { name, datatype, shape };
  if (isBinary) return JSON.stringify({ ...about, parameters: { binary_data_size: byteLength } });
  return `${JSON.stringify(about).slice(0, -1)},"data":${jsonFromBytes(output)}}`;
}

/** A failure in the protocol's format, which has no room for a code: a header carries it. */
export function formatError(failure: Failure): ErrorResponse {
  const { status } = errorTable[failure.code];
  return {
    // The protocol has no 422.
    status: status === 422 ? 400 : status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'x-error-code': failure.code },
    body: Buffer.from(JSON.stringify({ error: failure.message })),
  };
}
