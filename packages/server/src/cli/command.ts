import { parseArgs } from 'node:util';

/** An option of a command, by its long name. */
export interface Option {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  /** It may be given several times. */
  readonly multiple?: boolean;
  /** What stands for its value in the help: `FILE`. */
  readonly value?: string;
  /** One sentence for the help. */
  readonly about: string;
}

export type Options = Readonly<Record<string, Option>>;

/** The options of a command line, where each is given or not. */
export type OptionValues<O extends Options> = {
  readonly [Name in keyof O]?: ValueOf<O[Name]> | undefined;
};

type ValueOf<O> = O extends { readonly type: 'boolean' }
  ? boolean
  : O extends { readonly multiple: true }
    ? string[]
    : string;

export interface Command<O extends Options = Options> {
  /** What follows the name of the command: `NAME FILE`. */
  readonly usage: string;
  /** What it does, in some sentences. */
  readonly about: string;
  readonly options: O;
  /** Command lines for the help, each with what it does. */
  readonly examples: Readonly<Record<string, string>>;
  /**
   * Runs until the command is done; a server may run on. Whatever takes long to load is imported here.
   * @throws {CommandError} with what to tell the user
   */
  run(line: { readonly words: readonly string[]; readonly options: OptionValues<O> }): Promise<void>;
}

/** A command that can go no further: its message is all that is printed, and the process exits with 1. */
export class CommandError extends Error {
  override readonly name: string = 'CommandError';
  readonly exitCode: number = 1;
}

/** The command line is wrong; the process exits with 2. */
export class CommandLineError extends CommandError {
  override readonly name = 'CommandLineError';
  override readonly exitCode = 2;
}

export const defineCommand = <const O extends Options>(command: Command<O>): Command<O> => command;

/** Runs a command with what follows its name on the command line. */
export async function runCommand<O extends Options>(
  name: string,
  command: Command<O>,
  args: readonly string[],
): Promise<void> {
  const { words, options } = parse(name, command, args);
  if (options['help'] === true) {
    process.stdout.write(helpOf(name, command));
    return;
  }
  await command.run({ words, options: options as OptionValues<O> });
}

const help: Option = { type: 'boolean', short: 'h', about: 'Say this.' };

function parse(
  name: string,
  { options }: Pick<Command, 'options'>,
  args: readonly string[],
): { readonly words: string[]; readonly options: Record<string, unknown> } {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: Object.fromEntries(
        Object.entries({ ...options, help }).map(([option, { type, short, multiple }]) => [
          option,
          { type, ...(short === undefined ? {} : { short }), ...(multiple === undefined ? {} : { multiple }) },
        ]),
      ),
      allowPositionals: true,
    });
    return { words: positionals, options: values };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // Node explains at length how a word that begins with a dash could be passed.
    const [sentence = ''] = error.message.split(/\. (?=To specify)|\n/);
    throw new CommandLineError(`${sentence.replace(/\.$/, '')}. "portico ${name} --help" lists the options.`);
  }
}

/** The help of a command: usage, options, examples. */
export function helpOf(name: string, { usage, about, options, examples }: Omit<Command, 'run'>): string {
  const rows = Object.entries({ ...options, help }).map(([option, { short, value, type, about }]): [string, string] => [
    `${short === undefined ? '    ' : `-${short}, `}--${option}${type === 'string' ? ` ${value ?? 'VALUE'}` : ''}`,
    about,
  ]);
  return (
    [
      `Usage: portico ${name} [options] ${usage}`.trimEnd(),
      about,
      `Options:\n${table(rows)}`,
      `Examples:\n${Object.entries(examples)
        .map(([line, about]) => `  ${line}\n      ${about}`)
        .join('\n')}`,
    ].join('\n\n') + '\n'
  );
}

/** Two columns, indented. */
export function table(rows: readonly (readonly [string, string])[]): string {
  const width = rows.reduce((longest, [left]) => Math.max(longest, left.length), 0);
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`.trimEnd()).join('\n');
}
