import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { sharp } from '@portico/media/image';
import { isFailure } from '@portico/schemas';
import { loadModel } from '@portico/server/testing';
import { z } from 'zod';
import { DigitsParams, digitsTask } from './contract.ts';
import { digitsModel } from './index.ts';
import model from './model.ts';

const loaded = await loadModel({ model, registered: digitsModel });
const read = async (data: Uint8Array, invert: boolean) => {
  const [output] = await loaded.run([{ file: { data, mediaType: 'image/png' }, params: { invert } }]);
  assert.ok(output !== undefined && !isFailure(output), String(output));
  assert.ok(digitsTask.output.safeParse(output).success);
  return output;
};

/** What training/train.py wrote. */
const Parity = z.array(z.object({ png: z.base64(), digit: z.int(), confidence: z.number() }));
const pictures = Parity.parse(JSON.parse(await readFile(new URL('./parity.json', import.meta.url), 'utf8')));

test('digits: pictures are read as in PyTorch', async () => {
  for (const { png, digit, confidence } of pictures) {
    const output = await read(Buffer.from(png, 'base64'), false);
    assert.equal(output.digit, digit);
    assert.ok(Math.abs(output.confidence - confidence) < 1e-4, `${output.confidence}, in PyTorch ${confidence}`);
  }
});

test('digits: ink on paper is read as the same digit', async () => {
  for (const { png, digit } of pictures) {
    const inverted = await sharp(Buffer.from(png, 'base64')).negate().png().toBuffer();
    assert.equal((await read(inverted, true)).digit, digit);
  }
});

test('digits: what is no picture is refused, and fails nothing else', async () => {
  const params = DigitsParams.parse({});
  const inputs = [new Uint8Array(64), Buffer.from(pictures[0]?.png ?? '', 'base64')].map((data) => ({
    file: { data, mediaType: 'image/png' },
    params,
  }));
  const [failed, output] = await loaded.run(inputs);
  assert.ok(isFailure(failed) && failed.code === 'BAD_INPUT');
  assert.ok(output !== undefined && !isFailure(output));
});
