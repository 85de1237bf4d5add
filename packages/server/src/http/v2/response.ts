import { errorTable, Failure } from '@portico/schemas';
import { elementCount, type RawTensor } from '../../tensors/raw-tensor.ts';
import type { ErrorResponse } from '../errors/error-response.ts';
import { joinedInTurns } from '../input/turn.ts';
import { checkJsonTexts, maxOutputTextBytes } from '../json-texts.ts';
import { jsonFromBytes } from './json-values.ts';

/** Bytes of values that are written as JSON at once. */
const maxBytesAtOnce = 16 * 1024;
/** More values would make an answer of tens of megabytes. */
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
 * Throws `BAD_INPUT` for more values, or more bytes of texts, than are written as JSON.
 */
export async function writeResponse(
  { model, version, id }: ResponseHead,
  outputs: readonly RawTensor[],
  isBinary: (output: string) => boolean,
): Promise<ResponseBody> {
  const binary = outputs.filter(({ head }) => isBinary(head.name));
  const written = binary.length === 0 ? outputs : outputs.filter(({ head }) => !isBinary(head.name));
  const values = written.reduce((sum, { head }) => sum + elementCount(head.shape), 0);
  if (values > maxJsonValues) {
    throw new Failure(
      'BAD_INPUT',
      `The output has ${values} values; at most ${maxJsonValues} are returned as JSON. Request binary_data.`,
    );
  }
  checkJsonTexts(written, maxOutputTextBytes, 'Request binary_data.');
  const about = { ...(id === undefined ? {} : { id }), model_name: model, model_version: version };
  const pieces = responsePieces(about, outputs, isBinary);
  const valueBytes = written.reduce((sum, { head }) => sum + head.byteLength, 0);
  const json = valueBytes <= maxBytesAtOnce ? joinedNow(pieces) : await joinedInTurns(pieces);
  if (binary.length === 0) return { body: json, headBytes: undefined };
  return { body: Buffer.concat([json, ...binary.map(({ bytes }) => bytes)]), headBytes: json.length };
}

function joinedNow(pieces: Iterable<string>): Buffer {
  let text = '';
  for (const piece of pieces) text += piece;
  return Buffer.from(text);
}

function* responsePieces(
  about: object,
  outputs: readonly RawTensor[],
  isBinary: (output: string) => boolean,
): Generator<string, void> {
  yield `${JSON.stringify(about).slice(0, -1)},"outputs":[`;
  for (const [index, output] of outputs.entries()) {
    if (index > 0) yield ',';
    yield* outputPieces(output, isBinary(output.head.name));
  }
  yield ']}';
}

function* outputPieces(output: RawTensor, isBinary: boolean): Generator<string, void> {
  const { name, datatype, shape, byteLength } = output.head;
  const about = { name, datatype, shape };
  if (isBinary) {
    yield JSON.stringify({ ...about, parameters: { binary_data_size: byteLength } });
    return;
  }
  yield `${JSON.stringify(about).slice(0, -1)},"data":`;
  yield* jsonFromBytes(output);
  yield '}';
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
