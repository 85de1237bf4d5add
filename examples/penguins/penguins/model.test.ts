import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { isFailure } from '@portico/schemas';
import { loadModel } from '@portico/server/testing';
import { z } from 'zod';
import { PenguinsPrediction, PenguinsRow, penguinsSpecies } from './contract.ts';
import { penguinsModel } from './index.ts';
import model from './model.ts';

/** What training/train.py wrote. */
const Parity = z.array(z.object({ row: PenguinsRow, ...PenguinsPrediction.shape }));
const parity = Parity.parse(JSON.parse(await readFile(new URL('./parity.json', import.meta.url), 'utf8')));

const loaded = await loadModel({ model, registered: penguinsModel });

test('penguins: rows have the species and probabilities that scikit-learn gives them, together and alone', async () => {
  const rows = parity.map(({ row }) => row);
  const [together] = await loaded.run([{ input: { rows }, params: {} }]);
  assert.ok(together !== undefined && !isFailure(together), String(together));
  assert.equal(together.rows.length, rows.length);
  for (const [index, { row, species, probabilities }] of parity.entries()) {
    const [alone] = await loaded.run([{ input: { rows: [row] }, params: {} }]);
    assert.ok(alone !== undefined && !isFailure(alone), String(alone));
    for (const output of [together.rows[index], alone.rows[0]]) {
      assert.equal(output?.species, species);
      for (const each of penguinsSpecies)
        assert.ok(Math.abs((output?.probabilities[each] ?? NaN) - probabilities[each]) < 1e-5, `row ${index}, ${each}`);
    }
  }
});
