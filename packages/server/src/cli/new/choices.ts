import { CommandError, CommandLineError } from '../command.ts';
import type { Choice, Chosen } from './preset.ts';
import { oneLine } from './quote.ts';

/** How often a person may answer one question. */
const maxAnswers = 5;

/** Values of flags by name, as `parseArgs` returns them. */
export type FlagValues = Readonly<Record<string, string | boolean | undefined>>;

/** Puts a question to a person; undefined where there is none to answer. */
export type Ask = ((question: string) => Promise<string>) | undefined;

/** Finds out what a preset has to know, and remembers what nobody said. */
export class Choices {
  readonly #flags: FlagValues;
  readonly #ask: Ask;
  /** Lines for the end: assumptions and notes. */
  readonly notes: string[] = [];

  constructor(flags: FlagValues, ask: Ask) {
    this.#flags = flags;
    this.#ask = ask;
  }

  /** @throws {CommandLineError} when the flag has a wrong value, and when nothing says what to take. */
  async choose<T>(choice: Choice<T>): Promise<Chosen<T>> {
    const { flag, known, fallback, show = String } = choice;
    const given = this.#flags[flag];
    if (given !== undefined) return { value: parsed(choice, String(given)), assumed: false };
    if (known !== undefined) return { value: known, assumed: false };
    const answer = await this.#answerOf(choice);
    if (answer !== undefined) return answer;
    if (fallback === undefined) {
      throw new CommandLineError(`${choice.question}? The file does not say it: add --${flag}.`);
    }
    this.notes.push(`Assumed: --${flag} ${shellWord(show(fallback))} (${choice.question}?)`);
    return { value: fallback, assumed: true };
  }

  async #answerOf<T>(choice: Choice<T>): Promise<Chosen<T> | undefined> {
    if (this.#ask === undefined) return undefined;
    const { question, fallback, show = String } = choice;
    const proposal = fallback === undefined ? '' : ` [${show(fallback)}]`;
    let before = '';
    for (let answers = 0; answers < maxAnswers; answers += 1) {
      const answer = (await this.#ask(`${before}${oneLine(`${question}?${proposal}`)} `)).trim();
      if (answer === '' && fallback !== undefined) return { value: fallback, assumed: false };
      try {
        if (answer !== '') return { value: parsed(choice, answer), assumed: false };
      } catch (error) {
        if (!(error instanceof CommandLineError)) throw error;
        before = `${oneLine(error.message)}\n`;
      }
    }
    return undefined;
  }
}

function parsed<T>({ flag, parse }: Choice<T>, text: string): T {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof CommandLineError) throw error;
    throw new CommandLineError(`--${flag}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Parses a choice between words. @throws where it is none of them. */
export function oneOf<const Value extends string>(text: string, values: readonly Value[]): Value {
  const value = values.find((each) => each === text.trim());
  if (value === undefined) throw new Error(`${text} is not one of ${values.join(', ')}.`);
  return value;
}

/** A word of a command line, as a shell takes it. */
export const shellWord = (text: string): string =>
  /^[\w./:,=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;

type Terminal = { readonly isTTY?: boolean };

/** Asks on the terminal that the process runs on; undefined where it runs on none. */
export function terminal(
  input: NodeJS.ReadableStream & Terminal = process.stdin,
  output: NodeJS.WritableStream & Terminal = process.stderr,
): Ask {
  if (input.isTTY !== true || output.isTTY !== true) return undefined;
  return async (question) => {
    const { createInterface } = await import('node:readline/promises');
    const lines = createInterface({ input, output });
    try {
      return await lines.question(question);
    } catch (error) {
      // Ctrl+C or Ctrl+D.
      if (!(error instanceof Error && error.name === 'AbortError')) throw error;
      throw new CommandError(
        'Nothing was made: a question had no answer. Flags answer before, and --yes asks nothing.',
      );
    } finally {
      lines.close();
    }
  };
}
