import { expect, test } from 'vitest';
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
