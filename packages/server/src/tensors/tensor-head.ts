import type { Datatype } from '@portico/schemas';

/** A tensor without its values. */
export interface TensorHead {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
  /** Of its values: little-endian, row-major, without padding; each text of `BYTES` after its length in four bytes. */
  readonly byteLength: number;
}

/** What an engine is asked with; the inputs' values follow each other in the payload's bytes. */
export interface TensorQuestion {
  readonly inputs: readonly TensorHead[];
  /** Names of the outputs wanted; all unless told. */
  readonly outputs?: readonly string[] | undefined;
}

/** A tensor with its values as they travel. */
export interface RawTensor {
  readonly head: TensorHead;
  readonly bytes: Uint8Array;
}

/** Elements of a tensor of this shape; 1 where there is no axis. */
export const elementCount = (shape: readonly number[]): number => shape.reduce((count, length) => count * length, 1);
