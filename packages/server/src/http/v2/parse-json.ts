import { randomBytes } from 'node:crypto';
import { type Datatype, Failure } from '@portico/schemas';

// JSON.parse makes doubles of all numbers, and a double keeps no more than 2 to the 53rd. It takes no NaN and no infinity, which
// Python's json.dumps writes bare, and tritonclient with it.

/** A bare NaN, Infinity or -Infinity. In a text these are letters like any others. */
export class NonFinite {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

const nonFiniteWords = /(?<![\w.+-])(?:NaN|-?Infinity)(?![\w.])/g;
/** Precedes such a word once it is quoted. No client can know it. */
const marker = randomBytes(9).toString('base64');
const marked: ReadonlyMap<string, NonFinite> = new Map(
  ['NaN', 'Infinity', '-Infinity'].map((word) => [`${marker}${word}`, new NonFinite(Number(word))]),
);
/** In JSON that is parsed in one piece, which takes 10 ms with so many: long data is parsed in chunks that have fewer. */
const maxNonFinite = 20_000;
/** Deeper than any shape: what is nested more deeply is refused. */
const maxDepth = 128;

/** A double keeps every integer of 15 digits. */
const hasLongInteger = /\d{16}/;
const longIntegers = /(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/g;

/** The shortest match of either pattern: NaN. Between two texts there is often a comma alone. */
const minMatch = 3;

/** What is in strings is left alone. */
function replaceOutsideTexts(json: string, pattern: RegExp, replacement: string): string {
  const parts: string[] = [];
  let copied = 0;
  const replaceBetween = (start: number, end: number): void => {
    if (end - start < minMatch) return;
    const part = json.slice(start, end);
    const replaced = part.replaceAll(pattern, replacement);
    if (replaced === part) return;
    parts.push(json.slice(copied, start), replaced);
    copied = end;
  };
  let end = 0;
  for (let text = json.indexOf('"'); text !== -1; text = json.indexOf('"', end)) {
    replaceBetween(end, text);
    end = endOfText(json, text);
  }
  replaceBetween(end, json.length);
  return [...parts, json.slice(copied)].join('');
}

/** Not a regular expression: one that steps over millions of escapes runs out of stack. */
function endOfText(json: string, start: number): number {
  let quote = json.indexOf('"', start + 1);
  while (quote !== -1 && isEscaped(json, quote)) quote = json.indexOf('"', quote + 1);
  // It has an end in whatever is JSON.
  return quote === -1 ? json.length : quote + 1;
}

function isEscaped(json: string, quote: number): boolean {
  let first = quote;
  while (json[first - 1] === '\\') first -= 1;
  return (quote - first) % 2 === 1;
}

/** Whether the values of a datatype need all their digits. */
export const keepsDigits = (datatype: Datatype): boolean => datatype === 'INT64' || datatype === 'UINT64';

/** Parses JSON with its long integers as strings. Throws `BAD_INPUT` for what is no JSON. */
export const parseExactly = (json: string): unknown =>
  parseJson(hasLongInteger.test(json) ? replaceOutsideTexts(json, longIntegers, '"$&"') : json);

/** Parses JSON with each bare NaN or infinity as a `NonFinite`. Throws `BAD_INPUT` for what is no JSON. */
export function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    if (hasMoreThan(json, maxNonFinite))
      throw new Failure(
        'BAD_INPUT',
        `The JSON has more than ${maxNonFinite} times NaN or Infinity. Send tensors as binary data.`,
      );
    const quoted = replaceOutsideTexts(json, nonFiniteWords, `"${marker}$&"`);
    try {
      if (quoted !== json) return withNonFinite(JSON.parse(quoted), 0);
    } catch {
      // It is no JSON for another reason too.
    }
    throw new Failure('BAD_INPUT', 'The body is not valid JSON.', { cause });
  }
}

/** Whether the words for what is not finite are there more often than `max`, those in texts included. */
function hasMoreThan(json: string, max: number): boolean {
  let count = 0;
  for (const word of ['NaN', 'Infinity'])
    for (let at = json.indexOf(word); at !== -1 && count <= max; at = json.indexOf(word, at + word.length)) count += 1;
  return count > max;
}

/** In place. A reviver would take fifteen times as long. */
function withNonFinite(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return marked.get(value) ?? value;
  if (typeof value !== 'object' || value === null || depth > maxDepth) return value;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) {
      const item: unknown = value[index];
      if (typeof item !== 'number') value[index] = withNonFinite(item, depth + 1);
    }
    return value;
  }
  for (const [name, item] of Object.entries(value)) {
    const changed = withNonFinite(item, depth + 1);
    if (changed !== item) (value as Record<string, unknown>)[name] = changed;
  }
  return value;
}
