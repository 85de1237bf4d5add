import { assertType, type Equal } from '../../test/equal.ts';
import type { InputTensor, Tensor, TensorDatatype } from './tensor.ts';

/** The datatype implies the array. */
declare const output: Tensor;
if (output.datatype === 'FP32') assertType<Equal<typeof output.data, Float32Array>>();
if (output.datatype === 'INT64') assertType<Equal<typeof output.data, BigInt64Array>>();
if (output.datatype === 'BYTES') assertType<Equal<typeof output.data, readonly string[]>>();
assertType<Equal<Tensor<'FP16'>['data'], Uint16Array>>();
assertType<Equal<Tensor['datatype'], TensorDatatype>>();

/** What a model gave can be given to the next. */
export const back: InputTensor = output;
export const derived: InputTensor = { name: 'x', shape: [1], data: new Float32Array(1) };
// @ts-expect-error numbers go in a typed array
export const numbers: InputTensor = { name: 'x', shape: [1], data: [1] };
// @ts-expect-error no such datatype
export const unknown: InputTensor = { name: 'x', shape: [1], data: new Float32Array(1), datatype: 'FP8' };
