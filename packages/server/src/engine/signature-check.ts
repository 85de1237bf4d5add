import type { InferenceSession } from 'onnxruntime-node';
import type { SessionSignature, TensorSignature } from '../model/session.ts';

type Metadata = Pick<InferenceSession, 'inputMetadata' | 'outputMetadata'>;

/** What a file's tensors and a model's expectations disagree about; each sentence names both sides. */
export function signatureMismatches(session: Metadata, signature: SessionSignature): string[] {
  const extraInputs = session.inputMetadata
    .filter(({ name }) => signature.inputs[name] === undefined)
    .map(({ name }) => `it needs an input "${name}" that the model does not feed`);
  return [
    ...mismatches('input', session.inputMetadata, signature.inputs),
    ...mismatches('output', session.outputMetadata, signature.outputs),
    ...extraInputs,
  ];
}

function mismatches(
  side: 'input' | 'output',
  actual: readonly InferenceSession.ValueMetadata[],
  expected: Readonly<Record<string, TensorSignature>>,
): string[] {
  return Object.entries(expected).flatMap(([name, tensor]) => {
    const found = actual.find((candidate) => candidate.name === name);
    if (found === undefined && tensor.optional === true) return [];
    if (found === undefined) return [`the model expects an ${side} "${name}", the file has ${names(actual)}`];
    if (!found.isTensor) return [`${side} "${name}" is no tensor in the file`];
    const is = `${found.type}[${found.shape.join(',')}]`;
    const wanted = `${tensor.type}[${tensor.shape.map((length) => length ?? '?').join(',')}]`;
    const fits = found.type === tensor.type && shapeFits(found.shape, tensor.shape);
    return fits ? [] : [`the model expects ${side} "${name}" as ${wanted}, the file has ${is}`];
  });
}

/** A free axis on either side fits any length. */
function shapeFits(actual: readonly (number | string)[], expected: readonly (number | null)[]): boolean {
  return (
    actual.length === expected.length &&
    actual.every((length, axis) => typeof length === 'string' || expected[axis] === null || expected[axis] === length)
  );
}

const names = (metadata: readonly InferenceSession.ValueMetadata[]): string =>
  metadata.map(({ name }) => `"${name}"`).join(', ') || 'none';
