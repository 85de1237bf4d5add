import { isUtf8 } from 'node:buffer';
import { elementBytes, Failure, type TensorDescription, type TensorSignature } from '@portico/schemas';
import { elementCount, type RawTensor, type TensorHead } from '../../tensors/raw-tensor.ts';
import { Turn } from './turn.ts';

/** In one input. */
const maxInputStrings = 1_000_000;
/** Bytes or strings to look at before the clock is looked at. */
const stepsPerLook = 2 ** 12;
/** Each string of `BYTES` follows its length in so many bytes. */
const lengthBytes = 4;

/** A tensor that a client says to send. */
export type DeclaredTensor = Omit<TensorHead, 'byteLength'>;

/** Throws `BAD_INPUT` where the inputs are not those that the model expects. */
export function checkInputHeads(inputs: readonly DeclaredTensor[], { inputs: expected }: TensorSignature): void {
  checkNamedOnce('Input', inputs);
  for (const input of inputs) {
    const wanted = expected.find(({ name }) => name === input.name);
    if (wanted === undefined) throw new Failure('BAD_INPUT', `Unknown input ${quoted(input)}. ${listed(expected)}`);
    if (input.datatype !== wanted.datatype || !shapeFits(input.shape, wanted)) {
      throw new Failure(
        'BAD_INPUT',
        `Input ${quoted(input)} is ${typeOf(input)}; the model expects ${wantedTypeOf(wanted)}.`,
      );
    }
  }
  const missing = expected.find(({ name }) => !inputs.some((input) => input.name === name));
  if (missing !== undefined) throw new Failure('BAD_INPUT', `Input ${quoted(missing)} is missing. ${listed(expected)}`);
}

/** Throws `BAD_INPUT` for outputs that the model does not have. */
export function checkOutputNames(
  outputs: readonly { readonly name: string }[],
  { outputs: available }: TensorSignature,
): void {
  checkNamedOnce('Output', outputs);
  const unknown = outputs.find((output) => !available.some(({ name }) => name === output.name));
  if (unknown === undefined) return;
  const names = available.map(quoted).join(', ');
  throw new Failure('BAD_INPUT', `Unknown output ${quoted(unknown)}. The model returns ${names}.`);
}

function checkNamedOnce(side: 'Input' | 'Output', tensors: readonly { readonly name: string }[]): void {
  if (tensors.length < 2) return;
  const seen = new Set<string>();
  for (const tensor of tensors) {
    if (seen.has(tensor.name)) throw new Failure('BAD_INPUT', `${side} ${quoted(tensor)} is named twice.`);
    seen.add(tensor.name);
  }
}

const shapeFits = (shape: readonly number[], { shape: wanted, unranked }: TensorDescription): boolean =>
  unranked === true ||
  (shape.length === wanted.length && wanted.every((length, axis) => length === -1 || length === shape[axis]));

const listed = (expected: readonly TensorDescription[]): string =>
  `The model expects ${expected.map((tensor) => `${quoted(tensor)} as ${wantedTypeOf(tensor)}`).join(', ') || 'none'}.`;

const typeOf = ({ datatype, shape }: Omit<DeclaredTensor, 'name'>): string => `${datatype}[${shape.join(',')}]`;

const wantedTypeOf = (tensor: TensorDescription): string =>
  tensor.unranked === true ? `${tensor.datatype} of any shape` : typeOf(tensor);

/** A name from a client, cut, so that the rest of the message is not. */
export const quoted = ({ name }: { readonly name: string }): string => JSON.stringify(name.slice(0, 100));

/**
 * A tensor with its values, as many as its shape says; a promise of it where the values are checked in turns.
 * Throws `BAD_INPUT`, or rejects with it, for values that are wrong.
 */
export function checkedTensor(
  { name, datatype, shape }: DeclaredTensor,
  bytes: Uint8Array,
): RawTensor | Promise<RawTensor> {
  const tensor: RawTensor = { head: { name, datatype, shape, byteLength: bytes.byteLength }, bytes };
  const size = elementBytes[datatype];
  if (size === null) return checkedStrings(tensor);
  const count = elementCount(shape);
  if (bytes.byteLength !== count * size)
    fail(tensor, `${count} elements of ${datatype} take ${count * size} bytes, but ${bytes.byteLength} were sent.`);
  return datatype === 'BOOL' ? checkedFlags(tensor) : tensor;
}

function fail({ head }: RawTensor, detail: string): never {
  throw new Failure('BAD_INPUT', `Input ${quoted(head)}: ${detail}`);
}

async function checkedFlags(tensor: RawTensor): Promise<RawTensor> {
  if (!(await areFlags(tensor.bytes))) fail(tensor, 'a BOOL must be a byte of 0 or 1.');
  return tensor;
}

/** Several times as fast as calling a function for each of twenty million. */
async function areFlags(bytes: Uint8Array): Promise<boolean> {
  const turn = new Turn();
  for (let start = 0; start < bytes.length; start += stepsPerLook) {
    for (const byte of bytes.subarray(start, start + stepsPerLook)) if (byte > 1) return false;
    if (turn.isOver) await turn.next();
  }
  return true;
}

async function checkedStrings(tensor: RawTensor): Promise<RawTensor> {
  const { bytes, head } = tensor;
  const count = elementCount(head.shape);
  if (count > maxInputStrings) fail(tensor, `${count} strings exceed the limit of ${maxInputStrings} per tensor.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const turn = new Turn();
  let found = 0;
  for (let at = 0; at < bytes.byteLength; found += 1) {
    at = at + lengthBytes > bytes.byteLength ? Infinity : at + lengthBytes + view.getUint32(at, true);
    if (at > bytes.byteLength) fail(tensor, 'each string of BYTES must follow its length in four little-endian bytes.');
    if (found % stepsPerLook === 0 && turn.isOver) await turn.next();
  }
  if (found !== count) fail(tensor, `its shape has ${count} elements, but ${found} were sent.`);
  for (let at = 0, index = 0; at < bytes.byteLength; index += 1) {
    if (index % 256 === 0 && turn.isOver) await turn.next();
    const start = at + lengthBytes;
    at = start + view.getUint32(at, true);
    if (isShortAscii(bytes, start, at)) continue;
    const text = bytes.subarray(start, at);
    // ONNX Runtime's binding takes strings, so other bytes would not reach the model unchanged,
    if (!isUtf8(text)) fail(tensor, 'its strings are not valid UTF-8.');
    // and it cuts a string here without an error.
    if (text.includes(0))
      fail(tensor, 'a string contains the character of code 0, which cannot be passed to the model.');
  }
  return tensor;
}

/** Most strings are, and for millions of them a call to `isUtf8` costs more than this loop. */
function isShortAscii(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start > 64) return false;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === 0 || byte > 0x7f) return false;
  }
  return true;
}
