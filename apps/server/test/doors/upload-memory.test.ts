import { expect, it } from 'vitest';
import { compareTask, sayTask } from '../fixtures/tasks.ts';
import { fileAsJson, post, postJson } from './support/asking.ts';
import { type HttpSide, startHttpSide } from './support/http-side.ts';

const file = Buffer.alloc(50_000, 'file');
const blob = new Blob([file], { type: 'image/png' });

/** What is held while the engine runs, one input after the other, and at the end. */
async function heldWhileRunning({ engines, uploads }: HttpSide, answer: Promise<Response>, inputs: number) {
  const held: number[] = [];
  for (let left = inputs; left > 0; left -= 1) {
    await expect.poll(() => engines.last.running).toHaveLength(1);
    held.push(uploads.heldBytes);
    engines.last.finish();
    // The next begins in a later turn.
    await expect.poll(() => uploads.heldBytes).toBeLessThan(held.at(-1) ?? 0);
  }
  expect((await answer).status).toBe(200);
  return [...held, uploads.heldBytes];
}

it('the files of a form count together until their result is there, and no more than they are', async () => {
  await using side = await startHttpSide({ task: compareTask });
  const form = new FormData();
  form.append('left', blob);
  form.append('right', blob);
  const [during = 0, after] = await heldWhileRunning(side, post(`${side.url}/compare`, form), 1);
  expect(during).toBeGreaterThanOrEqual(2 * file.length);
  expect(during).toBeLessThan(2 * file.length + 1_000);
  expect(after).toBe(0);
});

it('the inputs of a batch in JSON count until each has its result', async () => {
  await using side = await startHttpSide({});
  const inputs = Array.from({ length: 3 }, () => fileAsJson(file, 'image/png'));
  const held = await heldWhileRunning(side, postJson(`${side.url}/ocr/batch`, { inputs }), 3);
  expect(held.map((bytes) => Math.round(bytes / file.length))).toEqual([3, 2, 1, 0]);
});

it('the text of a batch counts until all of it has its results', async () => {
  await using side = await startHttpSide({ task: sayTask });
  const inputs = Array.from({ length: 3 }, () => ({ text: 'm'.repeat(900) }));
  const answer = postJson(`${side.url}/say/batch`, { inputs });
  await expect.poll(() => side.engines.last.running).toHaveLength(1);
  expect(side.uploads.heldBytes).toBeGreaterThan(2_700);
  for (let left = inputs.length; left > 0; left -= 1) {
    await expect.poll(() => side.engines.last.running).toHaveLength(1);
    side.engines.last.finish();
  }
  expect((await answer).status).toBe(200);
  expect(side.uploads.heldBytes).toBe(0);
});
