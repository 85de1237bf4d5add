import { defineModel, type Session, Tensor, weightPath } from '@portico/server/model';
import { double } from './contract.js';

const signature = {
  inputs: { x: { type: 'float32', shape: [4] } },
  outputs: { y: { type: 'float32', shape: [4] } },
} as const;

export default defineModel(double, {
  load: ({ weights, createSession }) => createSession(weightPath(weights, 'net'), signature),
  run: (inputs, { loaded: session }) =>
    Promise.all(
      inputs.map(async ({ input, params }) => {
        const values = await doubled(session, input.values);
        return { values: values.map((value) => Number(value.toFixed(params.digits))) };
      }),
    ),
  warmUp: () => ({ input: { values: [1, 2, 3, 4] }, params: { digits: 3 } }),
});

async function doubled(session: Session<typeof signature>, values: readonly number[]): Promise<number[]> {
  const x = new Tensor('float32', Float32Array.from(values), [4]);
  const { y } = await session.run({ x });
  return [...y.data];
}
