import { errorTable, Failure } from '@portico/schemas';
import { elementCount, type RawTensor } from '../../tensors/raw-tensor.ts';
import type { ErrorResponse } from '../errors/error-response.ts';
import { joinedInTurns } from '../input/turn.ts';
import { checkJsonTexts, maxOutputTextBytes } from '../json-texts.ts';
import { jsonFromBytes } from './json-values.ts';

/** Bytes of values that are written as JSON at once. */
const maxBytesAtOnce = 16 * 1024;
/** More values would make a response of tens of megabytes. */
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
  const about = { id, model_name: model, model_version: version };
  if (binary.length > 0 && written.length === 0) return joinedBinary(about, outputs);
  const pieces = responsePieces(about, outputs, isBinary);
  const valueBytes = written.reduce((sum, { head }) => sum + head.byteLength, 0);
  const json = valueBytes <= maxBytesAtOnce ? joinedNow(pieces) : await joinedInTurns(pieces);
  if (binary.length === 0) return { body: json, headBytes: undefined };
  return { body: Buffer.concat([json, ...binary.map(({ bytes }) => bytes)]), headBytes: json.length };
}

/** Every output as binary data, so that the JSON is short: half the time of the pieces. */
function joinedBinary(about: object, outputs: readonly RawTensor[]): ResponseBody {
  const json = `${openResponse(about)}${outputs.map(binaryHead).join(',')}]}`;
  const headBytes = Buffer.byteLength(json);
  const body = Buffer.allocUnsafe(outputs.reduce((sum, { bytes }) => sum + bytes.byteLength, headBytes));
  body.write(json);
  let start = headBytes;
  for (const { bytes } of outputs) {
    body.set(bytes, start);
    start += bytes.byteLength;
  }
  return { body, headBytes };
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
  yield openResponse(about);
  for (const [index, output] of outputs.entries()) {
    if (index > 0) yield ',';
    yield* outputPieces(output, isBinary(output.head.name));
  }
  yield ']}';
}

function* outputPieces(output: RawTensor, isBinary: boolean): Generator<string, void> {
  if (isBinary) {
    yield binaryHead(output);
    return;
  }
  const { name, datatype, shape } = output.head;
  yield `${JSON.stringify({ name, datatype, shape }).slice(0, -1)},"data":`;
  yield* jsonFromBytes(output);
  yield '}';
}

const openResponse = (about: object): string => `${JSON.stringify(about).slice(0, -1)},"outputs":[`;

const binaryHead = ({ head: { name, datatype, shape, byteLength } }: RawTensor): string =>
  JSON.stringify({ name, datatype, shape, parameters: { binary_data_size: byteLength } });

/** A failure in the protocol's format, which has no room for a code: a header carries it. */
export function formatError(failure: Failure): ErrorResponse {
  const { status } = errorTable[failure.code];
  return {
    // The protocol has no 422.
    status: status === 422 ? 400 : status,
    // KServe's client reads the message of this very type only.
    headers: { 'content-type': 'application/json', 'x-error-code': failure.code },
    body: Buffer.from(JSON.stringify({ error: failure.message })),
  };
}
