import { PorticoError } from '../errors/portico-error.ts';
import { arrays, elementCount, isDatatype, isShape, type NumericDatatype, ownDatatype } from './datatypes.ts';
import { packTexts, unpackTexts } from './packed-texts.ts';
import { tagOf } from '../files/kind-of.ts';
import type { InputTensor, TensorDatatype } from './tensor.ts';

/** An input as it goes over the wire. */
export interface WireTensor {
  readonly name: string;
  readonly datatype: TensorDatatype;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** Half of a surrogate pair is no character, and UTF-8 would make another text of it. */
const halfOfPair = /\p{Surrogate}/u;

/** Says what is wrong with an input. */
type Refuse = (detail: string) => PorticoError;

/**
 * Checks an input, whatever it is, and lays its values out. Numbers are not copied.
 *
 * @throws {PorticoError} `BAD_INPUT` with what is wrong with it.
 */
export function wireTensor(input: InputTensor): WireTensor {
  const { name, shape, data, datatype } = Object(input) as Partial<InputTensor>;
  if (typeof name !== 'string' || name === '') throw new PorticoError('BAD_INPUT', 'Every input needs a name.');
  const refuse: Refuse = (detail) => new PorticoError('BAD_INPUT', `Input ${JSON.stringify(name)}: ${detail}.`);
  if (!isShape(shape)) throw refuse('its shape is to be an array of whole numbers from 0 up');
  if (datatype !== undefined && !isDatatype(datatype)) throw refuse(`there is no datatype "${String(datatype)}"`);
  if (Array.isArray(data)) {
    if (datatype !== undefined && datatype !== 'BYTES') throw refuse(`an array of texts is for BYTES, not ${datatype}`);
    return { name, datatype: 'BYTES', shape, bytes: bytesOfTexts(data, elementCount(shape), refuse) };
  }
  const own = ownDatatype(tagOf(data));
  if (!ArrayBuffer.isView(data) || own === undefined) {
    throw refuse(`its data is to be a typed array, or texts, but this is a value of type ${tagOf(data)}`);
  }
  const wanted = datatype ?? own;
  return { name, datatype: wanted, shape, bytes: bytesOfNumbers({ data, own, wanted }, elementCount(shape), refuse) };
}

function bytesOfTexts(texts: readonly unknown[], count: number, refuse: Refuse): Uint8Array {
  for (const [index, text] of texts.entries()) {
    if (typeof text !== 'string') {
      throw refuse(`element ${index} is no text; numbers go in a typed array, such as Float32Array.from(data)`);
    }
    if (halfOfPair.test(text)) throw refuse(`element ${index} holds half of a surrogate pair, which is no character`);
  }
  if (texts.length !== count) throw refuse(`its shape has ${count} texts, ${texts.length} are given`);
  return packTexts(texts as readonly string[]);
}

interface Numbers {
  readonly data: ArrayBufferView;
  readonly own: NumericDatatype;
  readonly wanted: TensorDatatype;
}

function bytesOfNumbers({ data, own, wanted }: Numbers, count: number, refuse: Refuse): Uint8Array {
  const isBytes = tagOf(data) === 'Uint8Array';
  const isBits = own === 'UINT16' && (wanted === 'FP16' || wanted === 'BF16');
  if (own !== wanted && !isBytes && !isBits) throw refuse(`${tagOf(data)} is not for ${wanted}`);
  const { BYTES_PER_ELEMENT: size } = arrays[own];
  const bytes = (): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (wanted === 'BYTES') {
    // A copy, because browsers decode no memory that is shared.
    const given = unpackTexts(bytes().slice())?.length;
    if (given === undefined) throw refuse('the bytes of BYTES are UTF-8, each text after its length in four bytes');
    if (given !== count) throw refuse(`its shape has ${count} texts, ${given} are given`);
  } else if (isBytes && data.byteLength !== count * arrays[wanted].BYTES_PER_ELEMENT) {
    const needed = count * arrays[wanted].BYTES_PER_ELEMENT;
    throw refuse(`${count} values of ${wanted} are ${needed} bytes, ${data.byteLength} are given`);
  } else if (!isBytes && data.byteLength !== count * size) {
    throw refuse(`its shape has ${count} values, ${data.byteLength / size} are given`);
  }
  if (wanted === 'BOOL' && !isFlags(bytes())) throw refuse('a byte of BOOL is 0 or 1');
  return bytes();
}

/** Counted by index: millions of bytes one callback each, or one step of an iterator, take ten times as long. */
function isFlags(bytes: Uint8Array): boolean {
  let all = 0;
  for (let index = 0; index < bytes.byteLength; index += 1) all |= bytes[index] ?? 0;
  return all <= 1;
}
