import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { CommandLineError } from '../command.ts';
import { Choices, shellWord, terminal } from './choices.ts';
import type { Choice } from './preset.ts';

const size: Choice<number> = {
  flag: 'size',
  question: 'How large is a picture',
  parse: (text) => {
    if (!/^\d+$/.test(text)) throw new Error(`"${text}" is no number of pixels.`);
    return Number(text);
  },
};
/** A person with these answers. */
const answering = (...answers: string[]) => {
  const questions: string[] = [];
  const ask = async (question: string): Promise<string> => {
    questions.push(question);
    return answers.shift() ?? '';
  };
  return { ask, questions };
};

describe('What a preset has to know', () => {
  it('is what the flag says, before anything else', async () => {
    const { ask, questions } = answering('3');
    const choices = new Choices({ size: '1' }, ask);
    expect(await choices.choose({ ...size, known: 2 })).toEqual({ value: 1, assumed: false });
    expect([questions, choices.notes]).toEqual([[], []]);
  });

  it('is what the file says, without a question', async () => {
    const { ask, questions } = answering('3');
    expect(await new Choices({}, ask).choose({ ...size, known: 2, fallback: 4 })).toEqual({ value: 2, assumed: false });
    expect(questions).toEqual([]);
  });

  it('is asked on a terminal, until the answer makes sense', async () => {
    const { ask, questions } = answering('large', '3');
    expect(await new Choices({}, ask).choose({ ...size, fallback: 4 })).toEqual({ value: 3, assumed: false });
    expect(questions).toEqual([
      'How large is a picture? [4] ',
      '--size: "large" is no number of pixels.\nHow large is a picture? [4] ',
    ]);
  });

  it('shows a proposal that a file makes without what would control the terminal', async () => {
    const { ask, questions } = answering('');
    await new Choices({}, ask).choose({ ...size, fallback: 4, show: () => '\u001B[2Jred\u0007\r\nrm -rf' });
    expect(questions).toEqual(['How large is a picture? [ [2Jred rm -rf] ']);
  });

  it('is otherwise assumed, and a line says so', async () => {
    const choices = new Choices({}, undefined);
    expect(await choices.choose({ ...size, fallback: 4 })).toEqual({ value: 4, assumed: true });
    expect(choices.notes).toEqual(['Assumed: --size 4 (How large is a picture?)']);
  });

  it('is refused without a fallback, with the name of the flag', async () => {
    await expect(new Choices({}, undefined).choose(size)).rejects.toThrow(CommandLineError);
    await expect(new Choices({}, undefined).choose(size)).rejects.toThrow(/How large is a picture\?.*--size/);
    await expect(new Choices({ size: 'x' }, undefined).choose(size)).rejects.toThrow(/--size: "x" is no number/);
  });
});

it('a word of a command line is quoted for a shell where it has to be', () => {
  expect(['digits/sample.png', 'a b', "it's", '$(id)', ''].map(shellWord)).toEqual([
    'digits/sample.png',
    "'a b'",
    String.raw`'it'\''s'`,
    "'$(id)'",
    "''",
  ]);
});

it.each([
  ['Ctrl+C', '\u0003'],
  ['Ctrl+D', '\u0004'],
])('%s at a question ends the command with a sentence', async (_, key) => {
  const screen = () => Object.assign(new PassThrough(), { isTTY: true });
  const keys = screen();
  const answer = terminal(keys, screen())?.('How large is a picture? ');
  keys.write(key);
  await expect(answer).rejects.toThrow('Nothing was made: a question had no answer.');
});
