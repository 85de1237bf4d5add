import { Failure } from '@portico/schemas';

/** Parsed in half a millisecond. */
const defaultChunkBytes = 16 * 1024;

const space = 0x20;
const quote = 0x22;
const comma = 0x2c;
const listStart = 0x5b;
const backslash = 0x5c;
const listEnd = 0x5d;
const objectStart = 0x7b;

/**
 * A long JSON array as several short ones, nested as deeply: `[[1,2],[3,4]]` as `[[1,2]]` and `[[3,4]]`, say, or as
 * `[[1]]`, `[[2],[3]]` and `[[4]]`. Each is for a parser to refuse where the whole is no JSON.
 * Throws `BAD_INPUT` for objects, which are no values of a tensor, and for a chunk of more than
 * `maxChunkBytes`: one value is parsed in one piece.
 */
export function* chunksOf(
  json: Buffer,
  maxChunkBytes: number,
  minChunkBytes = defaultChunkBytes,
): Generator<string, void> {
  let start = 0;
  let depthAtStart = 0;
  let depth = 0;
  let inText = false;
  /** The last byte outside of texts that is no space. */
  let before = 0;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at] as number;
    if (at - start > maxChunkBytes)
      throw new Failure(
        'BAD_INPUT',
        `A value in the JSON is longer than ${maxChunkBytes / 1024} KiB. Send it as binary data.`,
      );
    if (inText) {
      if (byte === backslash) at += 1;
      else if (byte === quote) inText = false;
      continue;
    }
    if (byte <= space) continue;
    if (byte === quote || byte === listStart) {
      // Else a chunk without commas could hold any number of them, and each would be looked at before it is parsed.
      if (before !== 0 && before !== comma && before !== listStart) throw notJson();
      if (byte === quote) inText = true;
      else depth += 1;
    } else if (byte === objectStart) throw new Failure('BAD_INPUT', 'The data of an input contains an object.');
    else if (byte === listEnd) {
      // At the start of a chunk, or before it, the parser does not see what is missing.
      if (before === comma || depth === 0) throw notJson();
      depth -= 1;
    } else if (byte === comma) {
      if (depth === 0 || before === listStart || before === comma) throw notJson();
      if (at - start >= minChunkBytes) {
        yield `${'['.repeat(depthAtStart)}${json.toString('utf8', start, at)}${']'.repeat(depth)}`;
        start = at + 1;
        depthAtStart = depth;
      }
    }
    before = byte;
  }
  if (depth !== 0) throw notJson();
  yield `${'['.repeat(depthAtStart)}${json.toString('utf8', start)}`;
}

const notJson = (): Failure => new Failure('BAD_INPUT', 'The body is not valid JSON.');
