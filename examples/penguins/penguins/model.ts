import { defineModel, highestScores, rowsOfTensor, runEach, Tensor, weightPath } from '@portico/server/model';
import { PenguinsInput, type PenguinsRow, penguinsSpecies, penguinsTask } from './contract.ts';
import { signature } from './signature.ts';

export default defineModel(penguinsTask, {
  // Runs once, before the replica is ready.
  async load({ weights, createSession }) {
    const session = await createSession(weightPath(weights, 'network'), signature);
    return async (rows: readonly PenguinsRow[]) => {
      // Preprocessing: the columns as the network takes them.
      const outputs = await session.run({
        bill_length_mm: new Tensor(
          'float32',
          Float32Array.from(rows, (row) => row.bill_length_mm),
          [rows.length, 1],
        ),
        bill_depth_mm: new Tensor(
          'float32',
          Float32Array.from(rows, (row) => row.bill_depth_mm),
          [rows.length, 1],
        ),
        flipper_length_mm: new Tensor(
          'float32',
          Float32Array.from(rows, (row) => row.flipper_length_mm),
          [rows.length, 1],
        ),
        body_mass_g: new Tensor(
          'float32',
          Float32Array.from(rows, (row) => row.body_mass_g),
          [rows.length, 1],
        ),
        island: new Tensor(
          'string',
          rows.map((row) => row.island),
          [rows.length, 1],
        ),
        sex: new Tensor(
          'string',
          rows.map((row) => row.sex),
          [rows.length, 1],
        ),
      });
      // Postprocessing: a prediction for each row.
      return rowsOfTensor(outputs.probabilities).map((own) => {
        const probabilities = { Adelie: own[0] ?? 0, Chinstrap: own[1] ?? 0, Gentoo: own[2] ?? 0 };
        const [best] = highestScores(own, 1);
        return { species: penguinsSpecies[best?.index ?? 0] ?? 'Adelie', probabilities };
      });
    };
  },

  run: (inputs, { loaded: predict, signal }) =>
    runEach(inputs, signal, async ({ input: { rows } }) => ({ rows: await predict(rows) })),

  // The run that decides whether the replica is ready.
  warmUp: () => ({
    input: PenguinsInput.parse({
      rows: [
        {
          bill_length_mm: 39.1,
          bill_depth_mm: 18.7,
          flipper_length_mm: 181,
          body_mass_g: 3750,
          island: 'Torgersen',
          sex: 'male',
        },
      ],
    }),
    params: {},
  }),
});
