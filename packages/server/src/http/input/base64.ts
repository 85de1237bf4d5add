import type { Turn } from './turn.ts';

/** Characters that are decoded in one go: a millisecond or less. */
const charactersPerTurn = 2 ** 19;
const longestEscape = '\\u0000'.length;
const backslash = 0x5c;

/** Base64 as it stands in a JSON body, escapes included. */
interface Base64Text {
  readonly start: number;
  readonly end: number;
}

/** Base64 may come after `float32:` and the like, or in a data URL. */
export function base64Start(json: Buffer, start: number): number {
  const [before = ''] = /^(data:[^,]*,|\w{1,8}:)?/i.exec(json.toString('latin1', start, start + 300)) ?? [];
  return start + before.length;
}

/**
 * The bytes of a file, decoded in turns: base64 of RFC 4648, either alphabet, padded or not, in one line. Undefined where it is not
 * base64.
 */
export async function decodeBase64(
  json: Buffer,
  { start, end }: Base64Text,
  turn: Turn,
): Promise<Uint8Array | undefined> {
  // In a buffer of its own, so that any typed array can be laid over it.
  const bytes = Buffer.allocUnsafeSlow(Math.ceil(((end - start) * 3) / 4));
  const hasEscapes = json.subarray(start, end).includes(backslash);
  let length = 0;
  let left = '';
  for (let at = start; at < end;) {
    const to = Math.min(at + charactersPerTurn, end);
    const next = hasEscapes && to < end ? beforeEscape(json, to) : to;
    const text = json.toString('latin1', at, next);
    const plain = hasEscapes ? unescaped(text) : text;
    if (plain === undefined) return undefined;
    const characters = left + plain;
    const usable = next === end ? characters.length : characters.length - (characters.length % 4);
    left = characters.slice(usable);
    const chunk = characters.slice(0, usable);
    const written = bytes.write(chunk, length, 'base64');
    if (next === end ? !isBase64Of(chunk, written) : written !== (usable * 3) / 4) return undefined;
    length += written;
    at = next;
    if (turn.isOver) await turn.next();
  }
  return bytes.subarray(0, length);
}

/**
 * Whether a text that decodes to so many bytes is base64 throughout. Node skips what is not, and comparing lengths is several
 * times faster than looking at 28 million characters.
 */
export function isBase64Of(text: string, byteLength: number): boolean {
  const characters = text.length - (text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0);
  return characters % 4 !== 1 && byteLength === Math.floor((characters * 3) / 4);
}

/** The place to cut at, at most `end`, so that no escape is cut in two. */
function beforeEscape(json: Buffer, end: number): number {
  const last = json.lastIndexOf(backslash, end - 1);
  if (last <= end - longestEscape) return end;
  let first = last;
  while (json[first - 1] === backslash) first -= 1;
  // Of two backslashes the second is escaped itself, and ends its escape.
  const start = (last - first) % 2 === 0 ? last : last - 1;
  const length = json[start + 1] === 0x75 ? longestEscape : 2;
  return start + length > end ? start : end;
}

function unescaped(text: string): string | undefined {
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    return undefined;
  }
}
