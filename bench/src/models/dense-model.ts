import { join } from 'node:path';
import { defineModel, type Model, type Session, Tensor } from '@portico/server/model';
import { type DenseTask, modelFolderVariable } from './tasks.ts';

/** Dense layers behind a task: each request is one row of a run. */
export function denseModel(task: DenseTask, width: number): Model<DenseTask, Session> {
  return defineModel(task, {
    load: ({ createSession }) =>
      createSession(join(process.env[modelFolderVariable] ?? '', `${task.name}.onnx`), {
        inputs: { x: { type: 'float32', shape: [null, width] } },
        outputs: { y: { type: 'float32', shape: [null, width] } },
      }),
    async run(inputs, { loaded: session }) {
      const rows = new Float32Array(inputs.length * width);
      for (const [row, { input }] of inputs.entries()) rows.set(input, row * width);
      const { y } = await session.run({ x: new Tensor('float32', rows, [inputs.length, width]) });
      const data = y?.data ?? rows.subarray(0, 0);
      return inputs.map((_input, row) => [...data.subarray(row * width, (row + 1) * width)]);
    },
    warmUp: () => ({ input: Array.from({ length: width }, () => 1), params: {} }),
  });
}
