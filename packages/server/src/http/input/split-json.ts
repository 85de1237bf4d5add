import { isUtf8 } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { bytesToBase64 } from '@portico/api';
import { Failure } from '@portico/schemas';
import { base64Start, decodeBase64 } from './base64.ts';
import { Turn } from './turn.ts';

// No request may hold the loop for 50 ms. JSON of 27 MB with a file in it takes 190 ms to parse and decode, and Zod takes up to
// 50 us for a value that is wrong. So a body is looked through first, in turns, and what is large is taken out of it: a file is
// decoded in turns, and the input of a JSON task goes to the engine as it came, which checks it there. The rest is small.

/** Values that are parsed and checked at once; a file and its parameters are some dozens. */
export const defaultMaxValues = 1_000;
/** Bytes that are parsed at once, which takes some 6 ms. */
const maxRestBytes = 1024 * 1024;
/** Values in the JSON of one input that an engine gets. */
const maxInputValues = 1_000_000;
/** Deeper than any contract; recursive functions run out of stack at some thousands. */
const maxDepth = 128;
/** A text of more bytes is decoded by itself, */
const minFileBytes = 16 * 1024;
/** and one of so many where there are very many of them. */
const minSmallFileBytes = 256;
/** A body of no more bytes is parsed as it is. */
const smallBytes = 16 * 1024;
/** A larger body takes more than a millisecond to put together and to send to an engine, so others get a turn in between. */
const maxBytesInOneTurn = 256 * 1024;

/** Bytes to look at before the clock is looked at. */
const stepsPerLook = 2 ** 12;
/** Bytes that are passed in a leap: a millisecond or less. */
const bytesPerLeap = 2 ** 20;
/** Of a marker, which is their base64: as long as some elements of any typed array. */
const markerBytes = 24;

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const listStart = 0x5b;
const backslash = 0x5c;
const listEnd = 0x5d;
const objectStart = 0x7b;
const objectEnd = 0x7d;
const space = 0x20;
/** 1 for the bytes that mean something outside of texts. */
const isMark = new Uint8Array(256);
for (const byte of Buffer.from('"{}[],:')) isMark[byte] = 1;

/** The names that lead to a value; `*` for any element of a list. */
export type JsonPath = readonly string[];

/** Where a body may be large. */
export interface LargeParts {
  /** Files as base64, also after `kind:` or as data URLs. */
  readonly files?: readonly JsonPath[];
  /** A file that is not base64 does not make the body wrong: another such text stands for it, which its reader refuses. */
  readonly leavesWrongFiles?: true;
  /** Inputs of JSON tasks. */
  readonly values?: readonly JsonPath[];
  /** Of the rest; of inputs that stay in it no more than by default. @default 1000 */
  readonly maxValues?: number;
}

/** JSON that is small enough to parse, in which a marker stands for each part that was taken out of it. */
export interface SplitJson {
  readonly text: string;
  /** By marker: the bytes of a file, or the JSON of an input. No client can know a marker. */
  readonly parts: ReadonlyMap<string, Uint8Array>;
}

interface Part {
  readonly kind: 'file' | 'value';
  readonly path: JsonPath;
  readonly start: number;
  readonly end: number;
  /** Values inside. */
  readonly values: number;
}

/** A text that is not base64. */
const noBase64 = '*';

const noParts: ReadonlyMap<string, Uint8Array> = new Map();

/**
 * Takes the large parts out of a JSON body.
 *
 * @throws {Failure} `BAD_INPUT` for a body that is not UTF-8, has more values or is deeper than is allowed, or has a file
 *   that is not base64; `TOO_LARGE` where the rest is still large. Whether it is JSON at all shows when it is parsed.
 */
export async function splitJson(body: Buffer, large: () => LargeParts): Promise<SplitJson> {
  const { maxValues = defaultMaxValues, leavesWrongFiles, ...wanted } = large();
  const isSmall = body.length <= smallBytes && isFlatAndShort(body);
  const needsTurns = body.length > maxBytesInOneTurn;
  const turn = new Turn();
  // In this one the body has been put together.
  if (needsTurns) await turn.next();
  if (!isUtf8(body)) throw new Failure('BAD_INPUT', 'The body is not valid UTF-8.');
  if (isSmall) return { text: body.toString('utf8'), parts: noParts };

  const scan = scanned(body, wanted, maxValues, turn);
  let step = scan.next();
  for (; step.done !== true; step = scan.next()) await turn.next();
  const parts = step.value;

  const pieces: Buffer[] = [];
  const found = new Map<string, Uint8Array>();
  let end = 0;
  for (const part of parts) {
    if (turn.isOver) await turn.next();
    const marker = randomBytes(markerBytes).toString('base64');
    pieces.push(body.subarray(end, part.start));
    end = part.end;
    if (part.kind === 'value') {
      pieces.push(Buffer.from(`"${marker}"`));
      found.set(marker, valueIn(body, part));
      continue;
    }
    const bytes = await decodeBase64(body, part, turn);
    if (bytes === undefined && leavesWrongFiles !== true)
      throw new Failure('BAD_INPUT', `${part.path.join('.')} is not valid base64.`);
    pieces.push(Buffer.from(bytes === undefined ? noBase64 : marker));
    if (bytes !== undefined) found.set(marker, bytes);
  }
  // What follows may send a part of 27 MB to an engine.
  if (needsTurns) await turn.next();
  return { text: Buffer.concat([...pieces, body.subarray(end)]).toString('utf8'), parts: found };
}

/** JSON that is handed on as it came. What is little would keep all of a body for as long as it is queued itself, so it is copied. */
function valueIn(body: Buffer, { start, end }: Part): Buffer {
  const json = body.subarray(start, end);
  return json.length < body.length / 2 ? Buffer.from(json) : json;
}

/** What begins or separates values. In texts these count too, so that the real number may be lower. */
function isFlatAndShort(body: Buffer): boolean {
  // Each value, and each level, takes a byte at least.
  if (body.length <= maxDepth) return true;
  const brackets = countUpTo(body, objectStart, maxDepth) + countUpTo(body, listStart, maxDepth);
  return brackets <= maxDepth && brackets + countUpTo(body, comma, defaultMaxValues) <= defaultMaxValues;
}

/** How often a byte occurs, or more than the limit. */
export function countUpTo(body: Buffer, byte: number, limit: number): number {
  let count = 0;
  for (let at = body.indexOf(byte); at !== -1 && count <= limit; at = body.indexOf(byte, at + 1)) count += 1;
  return count;
}

/** Looks through JSON and yields whenever others should have a turn; returns the parts to take out, in order. */
function* scanned(
  json: Buffer,
  { files = [], values = [] }: LargeParts,
  maxValues: number,
  turn: Turn,
): Generator<undefined, Part[]> {
  const parts: Part[] = [];
  /** The name under which each open object or list has its next value, and what closes it. */
  const names: string[] = [];
  const closers: number[] = [];
  let outside = 0;
  let inside = 0;
  let insideBefore = 0;
  /** The input that is being passed. */
  let open: { readonly path: JsonPath; readonly start: number; readonly depth: number } | undefined;
  let textStart = -1;
  let isName = false;
  let expectsValue = true;
  let nextQuote = -1;
  let nextBackslash = -1;

  const count = (): void => {
    if (open === undefined) outside += 1;
    else inside += 1;
    if (outside > maxValues) throw new Failure('BAD_INPUT', `The body contains more than ${maxValues} values.`);
    if (inside > maxInputValues)
      throw new Failure('BAD_INPUT', `The input contains more than ${maxInputValues} values.`);
  };
  const begin = (at: number): void => {
    if (!expectsValue) return;
    expectsValue = false;
    if (open !== undefined) return;
    const path = values.find((path) => leadsTo(path, names));
    if (path !== undefined) open = { path, start: at, depth: names.length };
  };
  const close = (at: number): void => {
    if (open?.depth !== names.length) return;
    parts.push({ kind: 'value', path: open.path, start: open.start, end: at, values: inside - insideBefore });
    insideBefore = inside;
    open = undefined;
  };

  for (let at = 0, step = 0; at < json.length; at += 1) {
    step += 1;
    if (step % stepsPerLook === 0 && turn.isOver) yield;
    const byte = json[at] as number;
    if (textStart !== -1) {
      if (byte === backslash) at += 1;
      else if (byte === quote) {
        if (isName) names[names.length - 1] = json.toString('latin1', textStart, Math.min(at, textStart + 64));
        else if (open === undefined && at - textStart > minSmallFileBytes) {
          const path = files.find((path) => leadsTo(path, names));
          if (path !== undefined)
            parts.push({ kind: 'file', path, start: base64Start(json, textStart), end: at, values: 0 });
        }
        textStart = -1;
      } else if (step % 32 === 0) {
        // A long text is passed in leaps. Each of the two is searched for once only.
        if (nextQuote < at) nextQuote = leapTo(json, quote, at);
        if (nextBackslash < at) nextBackslash = leapTo(json, backslash, at);
        at = Math.min(nextQuote, nextBackslash) - 1;
        if (turn.isOver) yield;
      }
      continue;
    }
    if (isMark[byte] === 0) {
      if (expectsValue && byte > space) begin(at);
      continue;
    }
    switch (byte) {
      case quote:
        if (!isName) begin(at);
        textStart = at + 1;
        break;
      case colon:
        isName = false;
        expectsValue = true;
        break;
      case comma:
        close(at);
        count();
        isName = closers.at(-1) === objectEnd;
        expectsValue = !isName;
        break;
      case objectStart:
      case listStart:
        begin(at);
        count();
        if (names.length === maxDepth)
          throw new Failure('BAD_INPUT', `The JSON is nested deeper than ${maxDepth} levels.`);
        isName = byte === objectStart;
        expectsValue = !isName;
        names.push(isName ? '' : '*');
        closers.push(isName ? objectEnd : listEnd);
        break;
      case objectEnd:
      case listEnd:
        close(at);
        if (closers.pop() !== byte) throw invalid();
        names.pop();
        isName = false;
        expectsValue = false;
    }
  }
  if (closers.length > 0) throw invalid();
  return toTakeOut(json, parts, outside, maxValues);
}

/** The large files, and small files and inputs unless the body is small with them. */
function toTakeOut(json: Buffer, parts: readonly Part[], outside: number, maxValues: number): Part[] {
  const files = parts.filter(({ kind, start, end }) => kind === 'file' && end - start > minFileBytes);
  const rest = json.length - bytesOf(files);
  const inside = parts.reduce((sum, part) => sum + part.values, 0);
  if (rest <= maxRestBytes && inside <= defaultMaxValues && inside + outside <= maxValues) return files;
  if (json.length - bytesOf(parts) > maxRestBytes)
    throw new Failure(
      'TOO_LARGE',
      `The JSON has more than ${maxRestBytes / (1024 * 1024)} MiB apart from the file or input in it.`,
    );
  return [...parts];
}

const bytesOf = (parts: readonly Part[]): number => parts.reduce((sum, { start, end }) => sum + end - start, 0);

const leadsTo = (path: JsonPath, names: readonly string[]): boolean =>
  path.length === names.length && path.every((name, depth) => name === names[depth]);

/** Where the byte is next, or a leap ahead. */
function leapTo(json: Buffer, byte: number, from: number): number {
  const ahead = json.subarray(from, from + bytesPerLeap);
  const index = ahead.indexOf(byte);
  return from + (index === -1 ? ahead.length : index);
}

/** The bytes that these, which may be a decoded marker, stand for. */
export const largeBytes = (parts: SplitJson['parts'] | undefined, bytes: Uint8Array): Uint8Array =>
  (bytes.byteLength === markerBytes ? parts?.get(bytesToBase64(bytes)) : undefined) ?? bytes;

const invalid = (): Failure => new Failure('BAD_INPUT', 'The body is not valid JSON.');
