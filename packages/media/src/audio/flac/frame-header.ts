import { check8 } from '../check-sums.ts';

export interface FrameHeader {
  /** Bytes that the header takes. */
  readonly length: number;
  /** Of the frame, or of its first sample where block sizes vary. */
  readonly number: number;
  /** What the number of the next frame is. */
  readonly nextNumber: number;
}

/** The header of a FLAC frame (RFC 9639, section 9.1) at a place, if there is one. */
export function frameHeaderAt(file: Uint8Array, at: number): FrameHeader | undefined {
  if (file[at] !== 0xff || (file[at + 1]! & 0xfe) !== 0xf8 || at + 6 > file.length) return undefined;
  const [blockCode, rateCode] = [file[at + 2]! >> 4, file[at + 2]! & 15];
  const [channelCode, depthCode] = [file[at + 3]! >> 4, (file[at + 3]! >> 1) & 7];
  if (blockCode === 0 || rateCode === 15 || channelCode > 10 || depthCode === 3 || (file[at + 3]! & 1) === 1)
    return undefined;
  const coded = codedNumber(file, at + 4);
  if (coded === undefined) return undefined;
  const sizeBytes = blockCode === 6 ? 1 : blockCode === 7 ? 2 : 0;
  const rateBytes = rateCode === 12 ? 1 : rateCode === 13 || rateCode === 14 ? 2 : 0;
  const length = 4 + coded.length + sizeBytes + rateBytes + 1;
  if (at + length > file.length || check8(file, at, at + length) !== 0) return undefined;
  const size = blockSize(blockCode, file, at + 4 + coded.length);
  const varies = (file[at + 1]! & 1) === 1;
  return { length, number: coded.value, nextNumber: coded.value + (varies ? size : 1) };
}

/** In samples. */
function blockSize(code: number, file: Uint8Array, at: number): number {
  if (code === 6) return file[at]! + 1;
  if (code === 7) return file[at]! * 256 + file[at + 1]! + 1;
  if (code === 1) return 192;
  return code < 6 ? 144 * 2 ** code : 2 ** code;
}

/** A number of up to 36 bits, coded as UTF-8 codes characters. */
function codedNumber(file: Uint8Array, at: number): { value: number; length: number } | undefined {
  const first = file[at]!;
  if (first < 0x80) return { value: first, length: 1 };
  const length = Math.clz32(~(first << 24));
  if (length < 2 || length > 7 || at + length > file.length) return undefined;
  let value = length === 7 ? 0 : first & (0x7f >> length);
  for (let next = 1; next < length; next += 1) {
    const byte = file[at + next]!;
    if ((byte & 0xc0) !== 0x80) return undefined;
    value = value * 64 + (byte & 0x3f);
  }
  return { value, length };
}
