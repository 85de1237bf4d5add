import { isPassable, shown } from './problems.ts';
import type { OnnxGraph } from './read-onnx.ts';

/** Whether inputs of several requests can be rows of one run. */
export interface RowBatching {
  /** Every tensor leaves its first axis free. Whether that axis counts independent rows, only a trial shows. */
  readonly possible: boolean;
  /** What that means, or which tensor prevents it and what to do. */
  readonly text: string;
}

export function rowBatching({ inputs, outputs }: Pick<OnnxGraph, 'inputs' | 'outputs'>): RowBatching {
  const tensors = [
    ...inputs.map((tensor) => ({ side: 'input', ...tensor })),
    ...outputs.map((tensor) => ({ side: 'output', ...tensor })),
  ].filter(isPassable);
  const fixed = tensors.find(({ shape }) => shape === undefined || shape.length === 0 || typeof shape[0] === 'number');
  if (inputs.length > 0 && fixed === undefined) {
    return {
      possible: true,
      text:
        'The first axis of every tensor is free, so that rows of several requests may share a run. "portico serve" tries that at start, ' +
        'for 2 s at most (TENSOR_BATCHING); a model sets maxBatchSize.',
    };
  }
  if (fixed === undefined) return { possible: false, text: 'The file has no inputs.' };
  const first = fixed.shape?.[0];
  const why =
    fixed.shape === undefined
      ? 'does not say how many axes it has'
      : first === undefined
        ? 'has no first axis'
        : `has ${first} as its first axis`;
  // Inputs come first, so all of them are free: the exporter, such as LightGBM's, wrote what one row gives.
  const cure =
    fixed.side === 'output' && first !== undefined
      ? 'If that axis counts rows, free it in Python to batch: ' +
        `model.graph.output[${outputs.findIndex(({ name }) => name === fixed.name)}].type.tensor_type.shape.dim[0].dim_param = "rows".`
      : 'To batch, export the model with a free first axis (dynamic_shapes in PyTorch, initial_types with None in skl2onnx).';
  return {
    possible: false,
    text: `Each request runs alone: the ${fixed.side} ${shown(fixed.name)} ${why}. ${cure}`,
  };
}
