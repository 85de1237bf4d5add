import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { committedSet, UnusableInput } from './read-set.ts';

const usage = `Reads a folder of images, each with a .txt of its text beside it, and says what came out right.
  npm run eval:ocr -- [FOLDER] [--json] [--bounds]
    FOLDER     images in it and in its sub-folders; without one, the set that comes with the evaluation
    --json     the results as JSON, with the texts
    --bounds   fails where a category has a larger mean CER than bounds.json in the folder allows`;

export interface Command {
  readonly folder: string;
  readonly json: boolean;
  readonly bounds: boolean;
}

/** @throws UnusableInput for arguments that make no sense. */
export function parseCommand(argv: readonly string[]): Command {
  const { values, positionals } = parse(argv);
  const [folder, ...more] = positionals;
  if (more.length > 0) throw new UnusableInput(`There can be one folder.\n\n${usage}`);
  return { folder: folder === undefined ? committedSet : resolve(folder), ...values };
}

function parse(argv: readonly string[]) {
  try {
    const flag = { type: 'boolean', default: false } as const;
    return parseArgs({ args: [...argv], allowPositionals: true, options: { json: flag, bounds: flag } });
  } catch (cause) {
    throw new UnusableInput(`${(cause as Error).message}\n\n${usage}`, { cause });
  }
}
