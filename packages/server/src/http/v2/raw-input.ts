import { elementBytes, Failure, type TensorMetadata, type TensorSignature } from '@portico/schemas';
import { elementCount, type RawTensor } from '../../tensors/tensor-head.ts';
import { checkedTensor } from '../tensors/check-bytes.ts';

/**
 * A body that is nothing but the values of the one input; its shape follows from their number.
 * Throws `BAD_INPUT` for a model with more inputs, and where more than one shape would do.
 */
export function rawInput(bytes: Uint8Array, { inputs }: TensorSignature): RawTensor {
  const [input] = inputs;
  if (input === undefined || inputs.length > 1) {
    throw new Failure('BAD_INPUT', `Binary data without JSON is for models with one input; this has ${inputs.length}.`);
  }
  const { name, datatype } = input;
  const size = elementBytes[datatype];
  if (size === null) return checkedTensor({ name, datatype, shape: shapeOf(input, 1) }, oneText(bytes));
  return checkedTensor({ name, datatype, shape: shapeOf(input, bytes.byteLength / size) }, bytes);
}

/** Of two free axes the first counts rows, of which there is one. */
function shapeOf({ shape }: TensorMetadata, elements: number): number[] {
  const free = shape.filter((length) => length === -1).length;
  if (free > 2 || (free === 2 && shape[0] !== -1)) {
    throw new Failure('BAD_INPUT', 'The input has several axes of any length: say its shape in JSON.');
  }
  const given = free === 2 ? [1, ...shape.slice(1)] : shape;
  const others = elementCount(given.filter((length) => length !== -1));
  const length = others === 0 ? 0 : Math.floor(elements / others);
  return given.map((one) => (one === -1 ? length : one));
}

/** The whole body is one text. */
function oneText(bytes: Uint8Array): Uint8Array {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.byteLength);
  return Buffer.concat([length, bytes]);
}
