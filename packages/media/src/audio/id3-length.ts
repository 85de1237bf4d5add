import { Failure } from '@portico/schemas';
import { asciiAt } from './ascii-at.ts';

/** Programs write one, or put theirs before that of another. */
const maxTags = 100;

/**
 * Bytes that ID3v2 tags take at the head of a file, footers included; 0 where there are none.
 * https://id3.org/id3v2.4.0-structure
 *
 * @throws {Failure} `BAD_INPUT` for more tags than any file has.
 */
export function id3Length(file: Uint8Array): number {
  let end = 0;
  for (let tags = 0; asciiAt(file, end, 3) === 'ID3' && end + 10 <= file.length; tags += 1) {
    if (tags === maxTags) throw new Failure('BAD_INPUT', `The file begins with more than ${maxTags} ID3 tags.`);
    const hasFooter = (file[end + 5]! & 0x10) !== 0;
    // Seven bits a byte, so that no byte looks like the start of MPEG audio.
    const length = file.subarray(end + 6, end + 10).reduce((bits, byte) => (bits << 7) | (byte & 0x7f), 0);
    end += 10 + length + (hasFooter ? 10 : 0);
  }
  return end;
}
