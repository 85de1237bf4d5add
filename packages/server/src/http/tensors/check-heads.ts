import { Failure, type TensorMetadata, type TensorSignature } from '@portico/schemas';
import type { TensorHead } from '../../tensors/tensor-head.ts';

/** A tensor that a client says to send. */
export type AnnouncedTensor = Omit<TensorHead, 'byteLength'>;

/** Throws `BAD_INPUT` where the inputs are not those that the model takes. */
export function checkInputHeads(inputs: readonly AnnouncedTensor[], { inputs: taken }: TensorSignature): void {
  refuseTwice('input', inputs);
  for (const input of inputs) {
    const wanted = taken.find(({ name }) => name === input.name);
    if (wanted === undefined) throw new Failure('BAD_INPUT', `There is no input ${quoted(input)}. ${words(taken)}`);
    if (input.datatype !== wanted.datatype || !shapeFits(input.shape, wanted.shape)) {
      const given = `${input.datatype}[${input.shape.join(',')}]`;
      throw new Failure('BAD_INPUT', `Input ${quoted(input)} is ${given}, the model takes ${typeOf(wanted)}.`);
    }
  }
  const missing = taken.find(({ name }) => !inputs.some((input) => input.name === name));
  if (missing !== undefined) throw new Failure('BAD_INPUT', `Input ${quoted(missing)} is missing. ${words(taken)}`);
}

/** Throws `BAD_INPUT` for outputs that the model does not give. */
export function checkOutputNames(
  outputs: readonly { readonly name: string }[],
  { outputs: given }: TensorSignature,
): void {
  refuseTwice('output', outputs);
  const unknown = outputs.find((output) => !given.some(({ name }) => name === output.name));
  if (unknown === undefined) return;
  const names = given.map(quoted).join(', ');
  throw new Failure('BAD_INPUT', `There is no output ${quoted(unknown)}; the model gives ${names}.`);
}

function refuseTwice(side: 'input' | 'output', tensors: readonly { readonly name: string }[]): void {
  const seen = new Set<string>();
  for (const tensor of tensors) {
    if (seen.has(tensor.name)) throw new Failure('BAD_INPUT', `The ${side} ${quoted(tensor)} is named twice.`);
    seen.add(tensor.name);
  }
}

const shapeFits = (shape: readonly number[], wanted: readonly number[]): boolean =>
  shape.length === wanted.length && wanted.every((length, axis) => length === -1 || length === shape[axis]);

const words = (taken: readonly TensorMetadata[]): string =>
  `The model takes ${taken.map((tensor) => `${quoted(tensor)} as ${typeOf(tensor)}`).join(', ') || 'none'}.`;

const typeOf = ({ datatype, shape }: TensorMetadata): string => `${datatype}[${shape.join(',')}]`;

/** A client's own words, cut, so that what the model takes is not cut off. */
export const quoted = ({ name }: { readonly name: string }): string => JSON.stringify(name.slice(0, 100));
