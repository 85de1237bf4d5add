import { join } from 'node:path';
import { defineModel, Tensor } from '@portico/server/model';
import { digitPixels } from './digits-file.ts';
import { digitsTask, modelFolderVariable } from './tasks.ts';

/** The digits file behind a task: one picture a run. */
export default defineModel(digitsTask, {
  load: ({ createSession }) =>
    createSession(join(process.env[modelFolderVariable] ?? '', 'digits.onnx'), {
      inputs: { image: { type: 'float32', shape: [1, 1, 28, 28] } },
      outputs: { scores: { type: 'float32', shape: [1, 10] } },
    }),
  async run(inputs, { loaded: session }) {
    const outputs: number[][] = [];
    for (const { input } of inputs) {
      const image = new Tensor('float32', Float32Array.from(input), [1, 1, 28, 28]);
      const { scores } = await session.run({ image });
      outputs.push([...(scores?.data ?? [])]);
    }
    return outputs;
  },
  warmUp: () => ({ input: Array.from({ length: digitPixels }, () => 1), params: {} }),
});
