import { readFile } from 'node:fs/promises';
import type { Locator, Page } from 'playwright-core';
import { inject } from 'vitest';

/** The parts of a task's page, by the names that assistive technology has for them. */
export const input = (page: Page): Locator => page.getByRole('region', { name: 'Input', exact: true });
export const output = (page: Page): Locator => page.getByRole('region', { name: 'Output', exact: true });
export const parameters = (page: Page): Locator => page.getByRole('complementary', { name: 'Parameters' });
export const alertOf = (page: Page, text: string | RegExp): Locator =>
  page.getByRole('alert').filter({ hasText: text });

export type File = string | { name: string; mimeType: string; buffer: Buffer };

/** Chooses a file in the picker. */
export const chooseFile = (page: Page, file: File): Promise<void> =>
  input(page).locator('input[type=file]').first().setInputFiles(file);

/** What a browser sends an element when somebody drops a file on it. */
export const dropFile = (place: Locator, name: string, type: string): Promise<void> =>
  place.evaluate(
    (element, [fileName, mediaType]) => {
      const data = new DataTransfer();
      data.items.add(new File(['dropped'], fileName!, { type: mediaType! }));
      element.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: data }));
    },
    [name, type],
  );

/** What a browser sends an element when somebody pastes a file. */
export const pasteFile = (place: Locator, name: string, type: string): Promise<void> =>
  place.evaluate(
    (element, [fileName, mediaType]) => {
      const data = new DataTransfer();
      data.items.add(new File(['pasted'], fileName!, { type: mediaType! }));
      element.dispatchEvent(new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData: data }));
    },
    [name, type],
  );

/** Takes one of the built-in samples. */
export const takeSample = (page: Page, sample: string): Promise<void> =>
  input(page).getByRole('list', { name: 'Samples' }).getByRole('button', { name: sample }).click();

/** Takes one of the built-in samples and waits for what comes of it. */
export async function runSample(page: Page, sample: string): Promise<void> {
  await takeSample(page, sample);
  await outputIsThere(page);
}

/** Waits for the output of the input on the screen. */
export const outputIsThere = (page: Page): Promise<void> =>
  output(page).getByRole('button', { name: 'Copy JSON' }).waitFor();

/** Waits until the last call is over and has succeeded. */
export const done = (page: Page): Promise<void> =>
  parameters(page)
    .getByText(/^Done in \d+ ms$/)
    .waitFor();

/** What the bundled server returns to a client of another kind. */
export async function postFile(
  task: string,
  path: string,
  params: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  const form = new FormData();
  for (const [name, value] of Object.entries(params)) form.append(name, value);
  form.append('file', new Blob([await readFile(path)]));
  const response = await fetch(`${inject('server')}/${task}`, { method: 'POST', body: form });
  if (!response.ok) throw new Error(`${task} responded ${response.status}: ${await response.text()}`);
  return response.json();
}
