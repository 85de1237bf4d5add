import { readFile } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Places of the author's code that are listed, the innermost first. */
const maxPlaces = 8;
/** Lines of source before the one that failed, and after it. */
const contextLines = 2;

interface Place {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  /** The name of the function; empty where it has none. */
  readonly name: string;
}

/**
 * The stack of an error as its author reads it: the message, the lines around the place that failed, and the places of the author's own
 * code on the way there. A stack without such a place is left as it is.
 * @param folder of the service: code below it, except in packages, is the author's
 * @param options.without a text that has been printed already, with the message in it
 */
export async function authorsStack(
  stack: string,
  folder: string,
  { without }: { readonly without?: string | undefined } = {},
): Promise<string> {
  const lines = stack.split('\n');
  const firstFrame = lines.findIndex((line) => /^\s+at /.test(line));
  const message = (firstFrame === -1 ? lines : lines.slice(0, firstFrame)).join('\n');
  const told = without?.includes(message.replace(/^\w*Error( \[\w+\])?: /, '')) === true;
  const places = lines
    .map(placeOf)
    .filter((place): place is Place => place !== undefined && isAuthors(place.path, folder))
    .slice(0, maxPlaces);
  // A syntax error has its place in the message.
  const place = places[0] ?? placeInText(message, folder);
  // What cannot be imported is quoted in the message already.
  if (place === undefined) return told ? '' : message.includes(`${folder}${sep}`) ? message.trimEnd() : stack;
  const head = told ? [] : [message];
  const where = places.map(({ path, line, column, name }) => {
    const file = `${relative(process.cwd(), path)}:${line}:${column}`;
    return `    at ${name === '' ? file : `${name} (${file})`}`;
  });
  return [...head, await excerpt(place), ...where].filter((text) => text !== '').join('\n');
}

/** `at name (file:///path:3:5)`, `at async /path:3:5` */
function placeOf(text: string): Place | undefined {
  const [, name = '', location = ''] = /^\s+at (?:async )?(?:(.*) \()?(.+?)\)?$/.exec(text) ?? [];
  const [, file, line, column] = /^(.+):(\d+):(\d+)$/.exec(location) ?? [];
  if (file === undefined) return undefined;
  return { path: pathOf(file), line: Number(line), column: Number(column), name };
}

function placeInText(text: string, folder: string): Place | undefined {
  for (const [, file = '', line, column] of text.matchAll(/((?:file:\/\/)?\/[^\s:]+):(\d+):(\d+)/g)) {
    const path = pathOf(file);
    if (isAuthors(path, folder)) return { path, line: Number(line), column: Number(column), name: '' };
  }
  return undefined;
}

/** tsx puts a query behind some paths. */
const pathOf = (file: string): string =>
  file.startsWith('file:') ? fileURLToPath(file.replace(/\?.*$/, '')) : file.replace(/\?.*$/, '');

const isAuthors = (path: string, folder: string): boolean =>
  path.startsWith(`${folder}${sep}`) && !path.includes(`${sep}node_modules${sep}`);

/** The lines around a place, the one itself marked, with its column below. */
async function excerpt({ path, line, column }: Place): Promise<string> {
  let lines: string[];
  try {
    lines = (await readFile(path, 'utf8')).split('\n');
  } catch {
    // The source of compiled code may not be there.
    return '';
  }
  const first = Math.max(1, line - contextLines);
  const last = Math.min(lines.length, line + contextLines);
  const width = String(last).length;
  const shown: string[] = [];
  for (let number = first; number <= last; number += 1) {
    shown.push(
      `${number === line ? '>' : ' '} ${String(number).padStart(width)} | ${lines[number - 1] ?? ''}`.trimEnd(),
    );
    if (number === line) shown.push(`  ${' '.repeat(width)} | ${' '.repeat(Math.max(0, column - 1))}^`);
  }
  return shown.join('\n');
}
