import { Failure } from '@portico/schemas';
import { elementCount, type RawTensor } from '../../tensors/tensor-head.ts';
import { jsonFromBytes } from './values-to-json.ts';

export interface AnswerHead {
  readonly model: string;
  readonly version: string;
  readonly id: string | undefined;
}

export interface Written {
  readonly body: Buffer;
  /** Bytes of the JSON before the binary data; undefined where everything is JSON. */
  readonly headBytes: number | undefined;
}

/** More values as text would hold every other request up for seconds. */
const mostJsonValues = 1_000_000;

/**
 * An inference response: JSON, with the values of outputs that were asked for as binary data after it.
 * Throws `BAD_INPUT` where so many values are to be JSON that other clients would have to wait for it.
 */
export function writeAnswer(
  { model, version, id }: AnswerHead,
  outputs: readonly RawTensor[],
  isBinary: (output: string) => boolean,
): Written {
  const binary = outputs.filter(({ head }) => isBinary(head.name));
  const values = outputs.reduce((sum, { head }) => sum + (isBinary(head.name) ? 0 : elementCount(head.shape)), 0);
  if (values > mostJsonValues) {
    throw new Failure(
      'BAD_INPUT',
      `The answer has ${values} values, and no more than ${mostJsonValues} are written as JSON: ask for binary_data.`,
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
