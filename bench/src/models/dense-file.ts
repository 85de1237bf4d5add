import { openSync, closeSync, writeFileSync, writeSync } from 'node:fs';
import { basename } from 'node:path';
import { node, onnxFile } from '../../../apps/server/test/onnx/onnx.ts';
import { bytes, integer, join } from '../../../apps/server/test/onnx/protobuf.ts';

export interface DenseShape {
  readonly layers: number;
  readonly width: number;
}

const float32Type = 1;
const externalLocation = 1;

/**
 * Writes dense layers with ReLU between as `<path>` and their weights, all layers the same, as `<path>.weights`.
 * Outside the file they take no time to encode and none to parse.
 */
export function writeDenseFile(path: string, { layers, width }: DenseShape): void {
  const weights = denseWeights(width);
  const file = openSync(`${path}.weights`, 'w');
  for (let layer = 0; layer < layers; layer += 1) writeSync(file, weights);
  closeSync(file);
  const names = Array.from({ length: layers }, (_, layer) => `w${layer}`);
  const graph = onnxFile({
    nodes: names.flatMap((name, layer) => [
      node('MatMul', [layer === 0 ? 'x' : `r${layer - 1}`, name], [`m${layer}`]),
      node('Relu', [`m${layer}`], [layer === layers - 1 ? 'y' : `r${layer}`]),
    ]),
    initializers: names.map((name, layer) =>
      externalTensor(name, width, `${basename(path)}.weights`, layer * weights.byteLength, weights.byteLength),
    ),
    inputs: [{ name: 'x', type: 'float32', shape: ['batch', width] }],
    outputs: [{ name: 'y', type: 'float32', shape: ['batch', width] }],
  });
  writeFileSync(path, graph);
}

/** A square of small weights that neither explode nor vanish. */
export function denseWeights(width: number): Float32Array {
  // A prime period, so that no two rows of a layer are alike.
  const pattern = Float32Array.from(
    { length: 4_093 },
    (_, index) => (2 / Math.sqrt(width)) * Math.sin(index * 12.9898),
  );
  const weights = new Float32Array(width * width);
  for (let start = 0; start < weights.length; start += pattern.length) {
    weights.set(pattern.subarray(0, Math.min(pattern.length, weights.length - start)), start);
  }
  return weights;
}

/** A TensorProto with its data in a file beside the model; field numbers as in onnx.proto. */
function externalTensor(name: string, width: number, location: string, offset: number, length: number): Uint8Array {
  const entries = { location, offset: String(offset), length: String(length) };
  return join([
    integer(1, width),
    integer(1, width),
    integer(2, float32Type),
    bytes(8, name),
    ...Object.entries(entries).map(([key, value]) => bytes(13, join([bytes(1, key), bytes(2, value)]))),
    integer(14, externalLocation),
  ]);
}
