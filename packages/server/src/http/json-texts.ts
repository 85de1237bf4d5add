import { Failure } from '@portico/schemas';
import { elementCount, type RawTensor } from '../tensors/raw-tensor.ts';

/** As JSON they may take six times as much: six characters for each control character. */
export const maxOutputTextBytes = 8 * 1024 * 1024;
/** Each text of `BYTES` follows its length in so many bytes. */
const lengthBytes = 4;

/** Throws `BAD_INPUT` for outputs with more bytes of texts than are returned as JSON, before any is written. */
export function checkJsonTexts(outputs: readonly RawTensor[], maxBytes: number, remedy: string): void {
  const bytes = outputs.reduce((sum, output) => sum + textBytesOf(output), 0);
  if (bytes <= maxBytes) return;
  throw new Failure(
    'BAD_INPUT',
    `The output has ${bytes} bytes of strings; at most ${maxBytes} are returned as JSON. ${remedy}`,
  );
}

const textBytesOf = ({ head, bytes }: RawTensor): number =>
  head.datatype === 'BYTES' ? bytes.byteLength - lengthBytes * elementCount(head.shape) : 0;
