import { Failure } from '@portico/schemas';

/** A file and its parameters are some dozens of values; to read a million of them would hold up every other request. */
const mostValues = 10_000;

/** What begins or separates values in JSON. Base64 has none of it, so a large file costs a quick look only. */
const marks = [',', '{', '['];

/** Throws `BAD_INPUT` for a JSON text of more values than any file with parameters has, before it is parsed. */
export function refuseManyValues(json: Uint8Array, most: number = mostValues): void {
  // Each takes a byte at least.
  if (json.byteLength <= most) return;
  const text = Buffer.from(json.buffer, json.byteOffset, json.byteLength);
  let count = 0;
  for (const mark of marks) {
    for (let at = text.indexOf(mark); at !== -1; at = text.indexOf(mark, at + 1)) {
      count += 1;
      if (count > most) throw new Failure('BAD_INPUT', `The body holds more than ${most} values.`);
    }
  }
}
