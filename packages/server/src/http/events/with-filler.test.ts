import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { withFiller } from './with-filler.ts';

/** Yields each word after as many milliseconds. */
async function* spoken(
  ...words: readonly (readonly [word: string, milliseconds: number])[]
): AsyncGenerator<string, void, void> {
  for (const [word, milliseconds] of words) {
    await sleep(milliseconds);
    yield word;
  }
}

async function heard(source: AsyncGenerator<string, void, void>, milliseconds: number): Promise<string[]> {
  const words: string[] = [];
  for await (const word of withFiller(source, 'um', milliseconds)) words.push(word);
  return words;
}

it('what comes in time is passed on alone', async () => {
  expect(await heard(spoken(['one', 0], ['two', 0]), 10_000)).toEqual(['one', 'two']);
});

it('silence is filled', async () => {
  expect((await heard(spoken(['one', 0], ['two', 250]), 100)).join(' ')).toMatch(/^one (um )+two$/);
});

it('an error comes through', async () => {
  const failing = async function* (): AsyncGenerator<string, void, void> {
    yield 'one';
    throw new Error('lost');
  };
  await expect(heard(failing(), 10_000)).rejects.toThrow('lost');
});
