import { elementTypeOf, type ElementType } from './element-type.ts';
import { Table } from './tables.ts';

/** A value of the network: what flows through it, or a constant with data. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly type: ElementType;
  /** Empty where the network computes the value. */
  readonly data: Uint8Array;
}

export interface Operator {
  /** Of `BuiltinOperator` in the schema; 32 is a custom one. */
  readonly code: number;
  readonly customName: string;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly options: Table | undefined;
  readonly customOptions: Uint8Array;
}

export interface Model {
  readonly tensors: readonly Tensor[];
  /** In the order in which they can be run. */
  readonly operators: readonly Operator[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/**
 * Reads the first graph of a TFLite file. Numbers of fields and operators are those of schema.fbs,
 * https://github.com/tensorflow/tensorflow/blob/master/tensorflow/compiler/mlir/lite/schema/schema.fbs
 * @throws when the bytes are no TFLite file.
 */
export function readModel(file: Uint8Array): Model {
  if (file.length < 8 || Buffer.from(file.subarray(4, 8)).toString('latin1') !== 'TFL3')
    throw new Error('This is no TFLite file: it lacks the identifier TFL3.');
  const model = Table.root(file);
  const codes = model.tables(1).map((table) => ({
    // The first field holds codes below 127, those of newer operators are in the fourth.
    code: Math.max(table.int8(0), table.int32(3)),
    customName: table.text(1),
  }));
  const buffers = model.tables(4).map((table) => table.bytes(0));
  const [graph] = model.tables(2);
  if (graph === undefined) throw new Error('The file has no graph.');
  return {
    tensors: graph.tables(0).map((table) => ({
      shape: table.integers(0),
      type: elementTypeOf(table.int8(1)),
      data: buffers[table.int32(2)] ?? new Uint8Array(),
    })),
    operators: graph.tables(3).map((table) => ({
      ...(codes[table.int32(0)] ?? { code: -1, customName: '' }),
      inputs: table.integers(1),
      outputs: table.integers(2),
      options: table.table(4),
      customOptions: table.bytes(5),
    })),
    inputs: graph.integers(1),
    outputs: graph.integers(2),
  };
}
