import { code, key } from './literals.ts';
import { isPassable, shown } from './problems.ts';
import type { GraphTensor, OnnxGraph } from './read-onnx.ts';

/** Characters of the name of an axis. */
const maxAxisLength = 40;

/** The text of a `signature.ts`: the tensors of a file, as `createSession` takes them. */
export function signatureSource({ inputs, outputs }: Pick<OnnxGraph, 'inputs' | 'outputs'>): string {
  return `import type { SessionSignature } from '@portico/server/model';

/** The tensors of the ONNX file, as "portico inspect FILE --signature" prints them. A name or null is an axis of any length. */
export const signature = {
  inputs: {
${lines(inputs)}  },
  outputs: {
${lines(outputs)}  },
} as const satisfies SessionSignature;
`;
}

const lines = (tensors: readonly GraphTensor[]): string =>
  tensors.map((tensor) => `    ${isPassable(tensor) ? entry(tensor) : leftOut(tensor)}\n`).join('');

const entry = ({ name, type, shape }: GraphTensor): string =>
  `${key(name)}: { type: '${type}', shape: ${shape === undefined ? 'null' : `[${shape.map(axis).join(', ')}]`} },`;

/** Exporters name an axis by a formula where they know one, and a long one says less than none. */
const axis = (length: number | string | null): string =>
  typeof length !== 'string' ? String(length) : length.length > maxAxisLength ? 'null' : code(length);

/** Strings that `shown` writes end no comment: they stand on one line. */
const leftOut = ({ name, type }: GraphTensor): string => `// ${shown(name)} is ${type}, which cannot be passed.`;
