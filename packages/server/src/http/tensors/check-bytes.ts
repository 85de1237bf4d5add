import { isUtf8 } from 'node:buffer';
import { elementBytes, Failure } from '@portico/schemas';
import { countTexts } from '../../tensors/packed-texts.ts';
import { elementCount, type RawTensor } from '../../tensors/tensor-head.ts';
import { type AnnouncedTensor, quoted } from './check-heads.ts';

/** A tensor with its values, which are as many as its shape says. Throws `BAD_INPUT` where they are not. */
export function checkedTensor({ name, datatype, shape }: AnnouncedTensor, bytes: Uint8Array): RawTensor {
  const size = elementBytes[datatype];
  const count = elementCount(shape);
  const fail = (detail: string): never => {
    throw new Failure('BAD_INPUT', `Input ${quoted({ name })}: ${detail}`);
  };
  if (size === null) checkTexts(bytes, count, fail);
  else if (bytes.byteLength !== count * size)
    fail(`${count} elements of ${datatype} are ${count * size} bytes, ${bytes.byteLength} came.`);
  if (datatype === 'BOOL' && !areFlags(bytes)) fail('a byte of BOOL is 0 or 1.');
  return { head: { name, datatype, shape, byteLength: bytes.byteLength }, bytes };
}

/** Several times as fast as asking a function about each of twenty million. */
function areFlags(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte > 1) return false;
  return true;
}

/** To look at millions of texts would hold every other request up. */
const mostTexts = 1_000_000;

function checkTexts(bytes: Uint8Array, count: number, fail: (detail: string) => never): void {
  if (count > mostTexts) fail(`${count} texts are more than the ${mostTexts} that one tensor may have.`);
  const found = countTexts(bytes);
  if (found === undefined) fail('BYTES are texts, each after its length in four little-endian bytes.');
  if (found !== count) fail(`its shape has ${count} elements, ${found} came.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.byteLength;) {
    const start = at + 4;
    at = start + view.getUint32(at, true);
    if (isShortAscii(bytes, start, at)) continue;
    const text = bytes.subarray(start, at);
    // ONNX Runtime's binding takes texts, so that other bytes would not reach the model as they are,
    if (!isUtf8(text)) fail('its texts are not UTF-8; the model takes nothing else.');
    // and it ends a text there, without a word.
    if (text.includes(0)) fail('a text has a character of code 0, which cannot reach the model.');
  }
}

/** Most texts are, and of millions of them each would take longer to hand over than to look at. */
function isShortAscii(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start > 64) return false;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === 0 || byte > 0x7f) return false;
  }
  return true;
}
