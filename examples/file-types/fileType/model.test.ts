import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { isFailure } from '@portico/schemas';
import { loadModel } from '@portico/server/testing';
import { z } from 'zod';
import { FileTypeParams, fileTypeTask } from './contract.ts';
import { fileTypeModel } from './index.ts';
import model from './model.ts';

/** What parity.py wrote. */
const { files, rows } = z
  .object({
    files: z.record(z.string(), z.string()),
    rows: z.array(
      z.object({
        name: z.string(),
        mode: FileTypeParams.shape.mode.unwrap(),
        label: z.string(),
        predicted: z.string().nullable(),
        score: z.number(),
      }),
    ),
  })
  .parse(JSON.parse(await readFile(new URL('./parity.json', import.meta.url), 'utf8')));

const loaded = await loadModel({ model, registered: fileTypeModel });

test('fileType: every file has the type that Magika in Python finds, alone and in a batch', async () => {
  const inputs = rows.map(({ name, mode }) => ({
    file: { data: Buffer.from(files[name] ?? '', 'base64'), mediaType: 'application/octet-stream' },
    params: { mode },
  }));
  const together = await loaded.run(inputs);
  for (const [index, { name, mode, label, predicted, score }] of rows.entries()) {
    const [alone] = await loaded.run(inputs.slice(index, index + 1));
    for (const output of [alone, together[index]]) {
      assert.ok(output !== undefined && !isFailure(output), String(output));
      assert.ok(fileTypeTask.output.safeParse(output).success);
      assert.deepEqual([name, mode, output.label, output.predicted], [name, mode, label, predicted]);
      assert.ok(Math.abs(output.score - score) < 1e-4, `${name}: ${output.score}, in Python ${score}`);
    }
  }
});
