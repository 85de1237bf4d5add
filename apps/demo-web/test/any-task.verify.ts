import { statSync } from 'node:fs';
import { describe, expect, inject, test } from 'vitest';
import { open } from './harness/browse.ts';
import { samples } from './harness/samples.ts';
import { alertOf, chooseFile, input, output, outputIsThere, parameters } from './harness/task-page.ts';
import { hostile } from './toy/contract.ts';

const settings = { url: inject('toyService') };
const pageBytes = statSync(samples.page).size;

describe('a task that the page does not know', () => {
  test('is on the overview, with its summary as text', async () => {
    const page = await open('/', { settings });
    const card = page.getByRole('link', { name: /measure/ }).filter({ hasText: 'Measure a picture' });
    await card.waitFor();
    expect(await card.textContent()).toContain(hostile);
    await card.click();
    await page.waitForURL(/\/tasks\/measure$/);
    await page.getByRole('heading', { level: 1, name: 'measure' }).waitFor();
  });

  test('takes a file and shows its JSON as a tree, whatever it says', async () => {
    const page = await open('/tasks/measure', { settings });
    await chooseFile(page, samples.page);
    await output(page).getByText(String(pageBytes), { exact: true }).waitFor();
    const tree = (await output(page).textContent()) ?? '';
    expect(tree).toContain('image/jpeg');
    expect(tree.split(hostile)).toHaveLength(3);
  });

  test('has a form for its parameters, which runs it again', async () => {
    const page = await open('/tasks/measure', { settings });
    const form = parameters(page);
    await form.getByText(`What to call it. ${hostile}`).waitFor();
    await chooseFile(page, samples.page);
    await output(page).getByText(String(pageBytes), { exact: true }).waitFor();

    await form.getByRole('textbox', { name: 'label' }).fill(hostile);
    await form.getByRole('spinbutton', { name: 'scale' }).fill('2');
    await output(page)
      .getByText(String(pageBytes * 2), { exact: true })
      .waitFor();
    expect(((await output(page).textContent()) ?? '').split(hostile)).toHaveLength(4);
  });

  test('that fails says what the server says, as text', async () => {
    const page = await open('/tasks/measure', { settings });
    await chooseFile(page, samples.page);
    await outputIsThere(page);
    await page.getByRole('switch', { name: 'fail' }).click();
    const alert = alertOf(page, 'This picture is not measured');
    await alert.waitFor();
    expect(await alert.textContent()).toContain(hostile);
    expect(await alert.textContent()).toContain('BAD_INPUT');
  });

  test('takes a recording and shows the picture that it makes', async () => {
    const page = await open('/tasks/square', { settings });
    await chooseFile(page, samples.speech);
    const picture = output(page).or(input(page)).locator('img[src^="data:image/png"]').first();
    await picture.waitFor();
    expect(await picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(1);
  });
});
