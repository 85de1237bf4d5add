import { graphAttribute, initializer, node, onnxFile } from './onnx.ts';

/** `y = x + x`: what the device ladder runs to see that a device really computes. */
export const doubling = (): Uint8Array =>
  onnxFile({
    nodes: [node('Add', ['x', 'x'], ['y'])],
    inputs: [{ name: 'x', type: 'float32', shape: [4] }],
    outputs: [{ name: 'y', type: 'float32', shape: [4] }],
  });

/** What a Loop does that counts: adds the value `one`, and needs about a microsecond. */
export const counting = graphAttribute('body', {
  nodes: [node('Identity', ['go'], ['go_on']), node('Add', ['before', 'one'], ['after'])],
  inputs: [
    { name: 'turn', type: 'int64', shape: [] },
    { name: 'go', type: 'bool', shape: [] },
    { name: 'before', type: 'float32', shape: [1] },
  ],
  outputs: [
    { name: 'go_on', type: 'bool', shape: [] },
    { name: 'after', type: 'float32', shape: [1] },
  ],
});

/** Counts to `trips`; about a microsecond each, so it runs for as long as a test likes, or practically for ever. */
export const loop = (): Uint8Array =>
  onnxFile({
    nodes: [node('Loop', ['trips', 'yes', 'start'], ['count'], [counting])],
    initializers: [
      initializer('yes', [], Uint8Array.of(1)),
      initializer('start', [1], Float32Array.of(0)),
      initializer('one', [1], Float32Array.of(1)),
    ],
    inputs: [{ name: 'trips', type: 'int64', shape: [] }],
    outputs: [{ name: 'count', type: 'float32', shape: [1] }],
  });

/** Dense layers of `width` squared with ReLU between, and a free first axis: a model that gains from batching. */
export function dense(layers: number, width: number): Uint8Array {
  const names = Array.from({ length: layers }, (_, index) => `w${index}`);
  return onnxFile({
    nodes: names.flatMap((name, index) => [
      node('MatMul', [index === 0 ? 'x' : `r${index - 1}`, name], [`m${index}`]),
      node('Relu', [`m${index}`], [index === layers - 1 ? 'y' : `r${index}`]),
    ]),
    initializers: names.map((name, index) => initializer(name, [width, width], weights(width, index))),
    inputs: [{ name: 'x', type: 'float32', shape: ['batch', width] }],
    outputs: [{ name: 'y', type: 'float32', shape: ['batch', width] }],
  });
}

/** Small deterministic weights that neither explode nor vanish. */
function weights(width: number, seed: number): Float32Array {
  const scale = 2 / Math.sqrt(width);
  return Float32Array.from({ length: width * width }, (_, index) => scale * Math.sin(index * 12.9898 + seed * 78.233));
}
