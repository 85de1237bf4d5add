import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { RawTensor } from '../../tensors/tensor-head.ts';
import { signatureOf } from '../../tensors/signature.ts';
import type { ProgramInput, ProgramModule } from '../program.ts';
import { feedsOf, rawOutputs } from './feeds.ts';
import { isRowWise, type RunTensors } from './is-row-wise.ts';
import { madeUpInputs, zeros } from './made-up.ts';
import { tensorProgram } from './tensor-program.ts';

/** Serves an ONNX file as it is. Its path stands for the variant. */
const tensors: ProgramModule = {
  async loadProgram({ variant: path, openSession }) {
    const session = await openSession(path);
    const signature = signatureOf(session.tensors);
    const run: RunTensors = async (inputs) => rawOutputs(await session.run(feedsOf(inputs)), signature);
    const sample = madeUpInputs(signature, { rows: 1, free: 1, values: zeros });
    // A file may refuse zeros, or lengths of 1, and be right about what callers send.
    const takesSample = await run(sample).then(
      () => true,
      () => false,
    );
    const rowWise = takesSample && (await isRowWise(signature, run));
    return {
      program: tensorProgram(run, rowWise),
      sample: takesSample ? encoded(sample) : undefined,
      maxBatch: rowWise ? 'measured' : 1,
      tensors: session.tensors,
      identity: await sha256Of(path),
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

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), hash);
  return hash.digest('hex');
}
