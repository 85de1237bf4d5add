import { type Datatype, Failure, type Tensor, type TensorData } from '@portico/schemas';
import { packTexts, unpackTexts } from '../../tensors/packed-texts.ts';
import type { RawTensor } from '../../tensors/tensor-head.ts';
import { typedArray, typedView } from '../../tensors/typed-view.ts';
import { checkedTensor } from '../tensors/check-bytes.ts';
import { quoted } from '../tensors/check-heads.ts';

/** A tensor with its values as bytes. Throws `BAD_INPUT` for values of another kind or number. */
export const rawTensor = (tensor: Tensor): RawTensor => checkedTensor(tensor, bytesOf(tensor));

function bytesOf({ name, datatype, data }: Tensor): Uint8Array {
  if (isTexts(data)) {
    if (datatype === 'BYTES') return packTexts(data);
    throw new Failure('BAD_INPUT', `Input ${quoted({ name })}: texts are for BYTES, not for ${datatype}.`);
  }
  const { buffer, byteOffset, byteLength } = data;
  const bytes = new Uint8Array(buffer, byteOffset, byteLength);
  if (data instanceof Uint8Array || isOf(datatype, data)) return bytes;
  throw new Failure('BAD_INPUT', `Input ${quoted({ name })}: ${data.constructor.name} is not for ${datatype}.`);
}

const isOf = (datatype: Datatype, data: object): boolean =>
  datatype !== 'BYTES' && data.constructor === typedArray(datatype, 0).constructor;

const isTexts = (data: TensorData): data is readonly string[] => Array.isArray(data);

/** A tensor with its values as the typed array of its datatype, or as texts. */
export function tensorOf({ head: { name, datatype, shape }, bytes }: RawTensor): Tensor {
  const data = datatype === 'BYTES' ? (unpackTexts(bytes) ?? []) : typedView(datatype, bytes);
  return { name, datatype, shape, data };
}
