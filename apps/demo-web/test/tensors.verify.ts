import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startServer } from '../../server/test/harness/server-process.ts';
import { change, key } from '../../server/test/v2/support/control.ts';
import { anyRank, zipMap } from '../../server/test/v2/support/files.ts';
import { repository } from '../../server/test/v2/support/repository.ts';
import { open } from './harness/browse.ts';

test('an ONNX file runs with typed values, and wrong ones are said in words', async () => {
  const page = await open('/tensors');
  await page.getByRole('link', { name: /doubling/ }).click();
  const field = page.getByRole('region', { name: 'Input x' });
  await field.getByText('Text', { exact: true }).click();
  await field.getByRole('textbox').fill('1 2 3');
  await field.getByText('There are 3 values; the shape 4 takes 4.').waitFor();
  const run = page.getByRole('button', { name: 'Run', exact: true });
  expect(await run.isDisabled()).toBe(true);
  await field.getByRole('textbox').fill('[1, 2.5, -3, 4]');
  await run.click();
  const values = page.getByRole('region', { name: 'Output y' });
  await values.getByRole('img', { name: 'Bars of 4 values; the largest is number 3' }).waitFor();
  expect(await values.getByLabel('Values', { exact: true }).allInnerTexts()).toEqual([
    expect.stringMatching(/^2\s+5\s+-6\s+8$/),
  ]);
});

const main = join(import.meta.dirname, '../../server/dist/main.js');

test('classes have names, a file of any rank has axes to add, one that failed says why, and one that is unloaded goes', async () => {
  const webPage = Buffer.from('<html>Not found</html>');
  using files = repository({ 'classes.onnx': zipMap(), 'any.onnx': anyRank(), 'saved/1/model.onnx': webPage });
  await using server = await startServer(
    { MODEL_NAME: '', MODEL_REPOSITORY: files.path, MODEL_CONTROL: 'explicit', API_KEYS: key },
    [],
    main,
  );
  await server.ready();
  const settings = { url: server.url, apiKey: key };

  const page = await open('/tensors', { settings, width: 390 });
  await page.getByRole('link', { name: /saved Failed to load: .* is a web page/ }).click();
  await page.getByText('The file failed to load').waitFor();
  expect(await page.getByText('The file is loading.').count()).toBe(0);

  await page.getByRole('link', { name: 'Tensors' }).first().click();
  await page.getByRole('link', { name: /any in x/ }).click();
  const input = page.getByRole('region', { name: 'Input x' });
  await input.getByRole('button', { name: 'Add an axis' }).click();
  await input.getByLabel('Length of axis 2').fill('3');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByRole('region', { name: 'Output y' }).getByText('FP32 1 × 3').waitFor();

  await page.getByRole('link', { name: 'Tensors' }).first().click();
  await page.getByRole('link', { name: /classes in x/ }).click();
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  const scores = page.getByRole('region', { name: 'Output probabilities' });
  expect(await scores.getByLabel('Values', { exact: true }).innerText()).toMatch(/^7 \S+\s+9 \S+$/);
  expect(await scores.getByRole('img').innerText()).toMatch(/^7\s+9$/);

  expect(await change(server, 'unload', 'classes')).toMatchObject({ status: 200 });
  await page.reload();
  await page.getByText('This server has no ONNX file of this name.').waitFor();
});
