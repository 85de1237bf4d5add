import { type Datatype, Failure } from '@portico/schemas';

// JSON.parse makes doubles of all numbers, and a double keeps no more than 2 to the 53rd.

/** A double keeps every integer of 15 digits. */
const hasLongInteger = /\d{16}/;
const longIntegers = /(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/g;

/** Digits in strings are left alone. */
function withLongIntegersQuoted(json: string): string {
  const parts: string[] = [];
  let end = 0;
  for (let text = json.indexOf('"'); text !== -1; text = json.indexOf('"', end)) {
    parts.push(json.slice(end, text).replaceAll(longIntegers, '"$&"'));
    end = endOfText(json, text);
    parts.push(json.slice(text, end));
  }
  return [...parts, json.slice(end).replaceAll(longIntegers, '"$&"')].join('');
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
  parseJson(hasLongInteger.test(json) ? withLongIntegersQuoted(json) : json);

/** Throws `BAD_INPUT` for what is no JSON. */
export function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new Failure('BAD_INPUT', 'The body is not valid JSON.', { cause });
  }
}
