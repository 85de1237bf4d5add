import { existsSync, readFileSync, statSync } from 'node:fs';
import { type FormInput, isFailure, type Task } from '@portico/schemas';
import { checkInput, fromText } from '../../http/input/read-input.ts';
import type { ReceivedInput } from '../../http/input/received.ts';
import type { InferInput } from '../../inference.ts';
import { CommandError, CommandLineError } from '../command.ts';

/**
 * The input that a command line names, checked against the contract as the server checks it.
 * @throws {CommandError} with what a client would get.
 */
export async function readTrialInput(
  task: Task,
  words: readonly string[],
  parameters: readonly string[],
): Promise<InferInput> {
  try {
    return await checkInput(task, receivedInput(task, words), parametersOf(task, parameters));
  } catch (error) {
    if (!isFailure(error)) throw error;
    throw new CommandError(`${error.code}: ${error.message}`);
  }
}

function receivedInput(task: Task, words: readonly string[]): ReceivedInput {
  const [word = ''] = words;
  if (task.accepts.kind === 'form') return namedFiles(task.name, task.accepts, words);
  if (words.length > 1)
    throw new CommandLineError(`The task ${task.name} takes one input, not ${words.length}: ${words.join(' ')}.`);
  if (task.accepts.kind === 'json') return { kind: 'value', value: jsonOf(word) };
  return { kind: 'file', file: { data: bytesOf(word), mediaType: '' } };
}

/** The files of a form, as `left=before.png right=after.png`. */
function namedFiles(task: string, { parts }: FormInput, words: readonly string[]): ReceivedInput {
  const paths = new Map(words.map((word) => [word.split('=', 1)[0] ?? '', word.slice(word.indexOf('=') + 1)]));
  const names = Object.keys(parts);
  const usage = names.map((name) => `${name}=FILE`).join(' ');
  if (words.length !== names.length || names.some((name) => !paths.has(name)))
    throw new CommandLineError(`The task ${task} takes ${names.length} files: ${usage}.`);
  const files = names.map((name) => [name, { data: bytesOf(paths.get(name) ?? ''), mediaType: '' }] as const);
  return { kind: 'files', files: Object.fromEntries(files) };
}

function jsonOf(word: string): unknown {
  const isText = word !== '-' && !existsSync(word);
  const text = isText ? word : Buffer.from(bytesOf(word)).toString();
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new CommandLineError(
      isText
        ? `${word} is neither a file nor JSON (${reasonOf(error)}).`
        : `${word} is not JSON (${reasonOf(error)}), and the task takes JSON.`,
    );
  }
}

function bytesOf(path: string): Uint8Array {
  if (path === '-') return readFileSync(0);
  if (statSync(path, { throwIfNoEntry: false })?.isFile() === true) return readFileSync(path);
  throw new CommandLineError(`There is no file ${path}.`);
}

/** Parameters as JSON, or as text that is converted to the types in the contract, as in a form. */
function parametersOf(task: Task, given: readonly string[]): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  const texts: Record<string, string | string[]> = {};
  for (const word of given) {
    if (word.trimStart().startsWith('{')) {
      Object.assign(values, objectOf(word));
      continue;
    }
    const [, name, text] = /^([^=]+)=(.*)$/s.exec(word) ?? [];
    if (name === undefined || text === undefined)
      throw new CommandLineError(`--params ${word} is neither NAME=VALUE nor a JSON object.`);
    const before = texts[name];
    texts[name] = before === undefined ? text : [...(typeof before === 'string' ? [before] : before), text];
  }
  return { ...values, ...fromText(task, texts) };
}

function objectOf(text: string): object {
  try {
    return JSON.parse(text) as object;
  } catch (error) {
    throw new CommandLineError(`--params is not JSON (${reasonOf(error)}).`);
  }
}

/** What a parser says, without the text that it quotes, which may be a whole file. */
const reasonOf = (error: unknown): string =>
  String(error instanceof Error ? error.message : error).split(/, "|\n/)[0] ?? '';
