import { endingOf } from '../views/produced-bytes.ts';

/** A call as it is on the screen: what a snippet has to do. */
export interface CallOnScreen {
  /** The server's, without a slash at its end. */
  readonly url: string;
  /** The server requires an API key. A snippet reads it from the environment: a key has no place in code. */
  readonly needsKey: boolean;
  readonly task: string;
  readonly input:
    | FileOnScreen
    | { readonly files: Readonly<Record<string, FileOnScreen>> }
    | { readonly json: unknown };
  /** Those that differ from their defaults. */
  readonly params: Readonly<Record<string, unknown>>;
  /** The task streams, so its items are printed as they come. */
  readonly streams: boolean;
  /** The media type of what the task produces, which is saved; undefined if it produces nothing. */
  readonly produces: string | undefined;
}

export interface FileOnScreen {
  readonly file: string;
  readonly mediaType: string;
}

/** The environment variable with the API key. */
export const keyVariable = 'PORTICO_KEY';
/** Where a snippet saves what the task produces. */
export const producedFile = (mediaType: string): string => `output.${endingOf(mediaType)}`;

/** Longer lists are written over several lines. */
const maxListLength = 72;

/** Code of several parts between brackets, which have their spaces with them: on one line, or a line each. */
export function listOf(open: string, parts: readonly string[], close: string, indent = '  '): string {
  if (parts.length === 0) return open.trim() + close.trim();
  const line = open + parts.join(', ') + close;
  if (line.length <= maxListLength && !line.includes('\n')) return line;
  return `${open.trim()}\n${parts.map((part) => `${part.replaceAll(/^/gm, indent)},\n`).join('')}${close.trim()}`;
}

/** The fields of an object that a request carries: JSON has no undefined ones. */
export const fieldsOfObject = (value: object): [string, unknown][] =>
  Object.entries(value).filter(([, entry]) => entry !== undefined);

/**
 * A text between single quotes, as JavaScript and Python read it: JSON's escapes mean the same in both. Separators of lines and paragraphs are
 * escaped too, or the lines of the code would be indented in the middle of the text.
 */
export const quotedText = (text: string): string =>
  `'${JSON.stringify(text)
    .slice(1, -1)
    .replaceAll('\\"', '"')
    .replaceAll("'", "\\'")
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029')}'`;

/** Parameters as the fields of a form or a query: a list is its items, each under the same name; other values are JSON. */
export const fieldsOfParams = (params: Readonly<Record<string, unknown>>): [string, string][] =>
  Object.entries(params).flatMap(([name, value]) =>
    (Array.isArray(value) ? (value as unknown[]) : [value]).map((item): [string, string] => [name, fieldText(item)]),
  );

const fieldText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
