import type { RawTensor } from '../../tensors/tensor-head.ts';
import { signatureOf } from '../../tensors/signature.ts';
import type { ProgramInput, ProgramModule } from '../../model/program.ts';
import type { TensorVariant } from '../../model/registry.ts';
import { weightPath } from '../../weights/weight-path.ts';
import { feedsOf, rawOutputs } from './feeds.ts';
import { isRowWise, type RunTensors } from './is-row-wise.ts';
import { madeUpInputs, zeros } from './made-up.ts';
import { tensorProgram } from './tensor-program.ts';

/** Serves an ONNX file as it is. */
const tensors: ProgramModule = {
  async loadProgram({ variant, weights, openSession }) {
    const session = await openSession(weightPath(weights, 'model'));
    const signature = signatureOf(session.tensors);
    const run: RunTensors = async (inputs) => rawOutputs(await session.run(feedsOf(inputs)), signature);
    const sample = madeUpInputs(signature, { rows: 1, free: 1, values: zeros });
    // A file may refuse zeros, or lengths of 1, and be right about what clients send.
    const takesSample = await run(sample).then(
      () => true,
      () => false,
    );
    const mayJoin = (variant as TensorVariant) === 'joined';
    const rowWise = mayJoin && takesSample && (await isRowWise(signature, run));
    return {
      program: tensorProgram(run, rowWise),
      sample: takesSample ? encoded(sample) : undefined,
      maxBatch: rowWise ? 'measured' : 1,
      tensors: session.tensors,
    };
  },
};
export default tensors;

const encoded = (inputs: readonly RawTensor[]): ProgramInput => ({
  id: 0,
  mediaType: null,
  params: { inputs: inputs.map(({ head }) => head) },
  data: Buffer.concat(inputs.map(({ bytes }) => bytes)),
});
