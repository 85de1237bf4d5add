import { defineModel, Tensor, weightPath } from '@portico/server/model';
import { double } from './contract.ts';

const signature = {
  inputs: { x: { type: 'float32', shape: [4] } },
  outputs: { y: { type: 'float32', shape: [4] } },
} as const;

export default defineModel(double, {
  load: ({ weights, createSession }) => createSession(weightPath(weights, 'net'), signature),
  run: (inputs, { loaded: session }) =>
    Promise.all(
      inputs.map(async ({ input, params }) => {
        const x = new Tensor('float32', Float32Array.from(input.values), [4]);
        const { y } = await session.run({ x });
        return { values: [...y.data].map((value) => value * params.times) };
      }),
    ),
  warmUp: () => ({ input: { values: [1, 2, 3, 4] }, params: { times: 1 } }),
});
