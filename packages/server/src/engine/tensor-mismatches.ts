import type { ExpectedTensor, SessionSignature } from '../model/session.ts';
import type { Tensor } from '../model/tensor.ts';

/** A value as ONNX Runtime describes it: a sequence or a map has neither type nor shape. */
export type FileValue =
  | { readonly name: string; readonly isTensor: false }
  | {
      readonly name: string;
      readonly isTensor: true;
      readonly type: string;
      /** A name is an axis of any length; it may be empty. */
      readonly shape: readonly (number | string)[];
    };

interface FileMetadata {
  readonly inputMetadata: readonly FileValue[];
  readonly outputMetadata: readonly FileValue[];
}

/** What a file's tensors and a model's expectations disagree about; each sentence names both sides. */
export function signatureMismatches(session: FileMetadata, signature: SessionSignature): string[] {
  const extraInputs = session.inputMetadata
    .filter(({ name }) => !Object.hasOwn(signature.inputs, name))
    .map(({ name }) => `it needs an input "${name}" that the model does not feed`);
  return [
    ...mismatches('input', session.inputMetadata, signature.inputs),
    ...mismatches('output', session.outputMetadata, signature.outputs),
    ...extraInputs,
  ];
}

function mismatches(
  side: 'input' | 'output',
  actual: readonly FileValue[],
  expected: Readonly<Record<string, ExpectedTensor>>,
): string[] {
  return Object.entries(expected).flatMap(([name, tensor]) => {
    const found = actual.find((candidate) => candidate.name === name);
    if (found === undefined && tensor.optional === true) return [];
    if (found === undefined) return [`the model expects an ${side} "${name}", the file has ${names(actual)}`];
    if (!found.isTensor) return [`${side} "${name}" is not a tensor in the file`];
    const fits = found.type === tensor.type && shapeFits(found.shape, tensor.shape);
    return fits ? [] : [`the model expects ${side} "${name}" as ${inWords(tensor)}, the file has ${inWords(found)}`];
  });
}

/** A free axis on either side fits any length. */
function shapeFits(actual: readonly (number | string)[], expected: ExpectedTensor['shape']): boolean {
  return (
    expected === null ||
    (actual.length === expected.length &&
      actual.every(
        (length, axis) => typeof length === 'string' || typeof expected[axis] !== 'number' || expected[axis] === length,
      ))
  );
}

/** Why a file refuses what a model feeds it, in sentences that say what to change; none where the tensors fit. */
export function feedMismatches(
  feeds: Readonly<Record<string, unknown>>,
  inputs: readonly FileValue[],
): readonly string[] {
  return inputs.flatMap((input) => {
    if (!input.isTensor) return [];
    const fed = feeds[input.name];
    if (fed === undefined) {
      return `session.run was given no "${input.name}", which is ${inWords(input)} in the file, but ${quoted(Object.keys(feeds))}. Add it under that name.`;
    }
    if (!isTensor(fed)) {
      return `session.run was given something else than a Tensor as "${input.name}". Make one: new Tensor('${input.type}', values, dims).`;
    }
    const difference = differenceOf(fed, input);
    if (difference === undefined) return [];
    return `The file takes input "${input.name}" as ${inWords(input)}, and the model feeds ${fed.type}[${fed.dims.join(',')}]: ${difference}.`;
  });
}

const isTensor = (value: unknown): value is Tensor =>
  typeof value === 'object' && value !== null && 'type' in value && 'dims' in value && Array.isArray(value.dims);

function differenceOf({ type, dims }: Tensor, file: FileValue & { readonly isTensor: true }): string | undefined {
  if (type !== file.type) return `make the tensor with new Tensor('${file.type}', values, dims)`;
  // The binding describes a tensor of unknown rank like a scalar.
  if (dims.length !== file.shape.length && file.shape.length > 0) {
    return `${axes(dims.length)} instead of ${file.shape.length}. Give the Tensor other dims`;
  }
  const axis = file.shape.findIndex((length, index) => typeof length === 'number' && length !== dims[index]);
  if (axis === -1) return undefined;
  return `axis ${axis} has ${dims[axis]} instead of ${file.shape[axis]}. Give the Tensor other dims, and its values in their order`;
}

const axes = (count: number): string => (count === 1 ? '1 axis' : `${count} axes`);

const inWords = ({ type, shape }: Pick<ExpectedTensor, 'shape'> & { readonly type: string }): string =>
  `${type}[${shape === null ? '…' : shape.map((length) => (length === null || length === '' ? '?' : length)).join(',')}]`;

const names = (metadata: readonly FileValue[]): string => quoted(metadata.map(({ name }) => name));

const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ') || 'none';
