import type { GraphTensor, OnnxFile } from './read-onnx.ts';

export function signatureSource(file: OnnxFile): string {
  const side = (tensors: readonly GraphTensor[]): string =>
    tensors
      .map(
        ({ name, type, shape }) =>
          `    ${JSON.stringify(name)}: { type: ${JSON.stringify(type)}, shape: ${JSON.stringify((shape ?? []).map((axis) => (typeof axis === 'string' ? null : axis)))} },`,
      )
      .join('\n');
  return `import type { SessionSignature } from '@portico/server/model';\n\nexport const signature = {\n  inputs: {\n${side(file.inputs)}\n  },\n  outputs: {\n${side(file.outputs)}\n  },\n} as const satisfies SessionSignature;\n`;
}
