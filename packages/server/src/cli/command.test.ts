import { CommandLineError, defineCommand, helpOf, type OptionValues, runCommand, table } from './command.ts';
import { expect, it } from 'vitest';

const options = {
  size: { type: 'string', short: 's', value: 'N', about: 'How large.' },
  name: { type: 'string', multiple: true, about: 'Who.' },
  quiet: { type: 'boolean', about: 'Say nothing.' },
} as const;

let ran: { readonly words: readonly string[]; readonly options: OptionValues<typeof options> } | undefined;

const command = defineCommand({
  usage: 'FILE',
  about: 'Measures a file.',
  options,
  examples: { 'portico measure x -s 3': 'Three of it.' },
  run: async (line) => {
    ran = line;
  },
});

it('a command gets its words and its options by their long names', async () => {
  await runCommand('measure', command, ['x', '-s', '3', '--name=a', '--name', 'b', '--quiet', '--', '--y']);
  expect(ran).toEqual({ words: ['x', '--y'], options: { size: '3', name: ['a', 'b'], quiet: true } });
});

it.each([['--nope'], ['--size'], ['--quiet=yes']])(
  'a wrong option is one sentence that says where to look: %s',
  async (...args) => {
    const running = runCommand('measure', command, args);
    await expect(running).rejects.toThrow(CommandLineError);
    await expect(running).rejects.toThrow(/^[^\n]*--\w+[^\n]*\. "portico measure --help" lists the options\.$/);
  },
);

it('a table may have very many rows', () => {
  expect(table(Array.from({ length: 200_000 }, () => ['a', 'b'])).slice(0, 8)).toBe('  a  b\n ');
});

it('the help names every option, and every example', () => {
  expect(helpOf('measure', command)).toBe(`Usage: portico measure [options] FILE

Measures a file.

Options:
  -s, --size N      How large.
      --name VALUE  Who.
      --quiet       Say nothing.
  -h, --help        Say this.

Examples:
  portico measure x -s 3
      Three of it.
`);
});
