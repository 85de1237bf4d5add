const table8 = checkTable(0x07, 8);
const table16 = checkTable(0x8005, 16);
const table32 = checkTable(0x04c11db7, 32);

/** Of a FLAC frame's header; 0 when the check itself is included and right. */
export function check8(bytes: Uint8Array, start: number, end: number): number {
  let sum = 0;
  for (let at = start; at < end; at += 1) sum = table8[sum ^ bytes[at]!]!;
  return sum;
}

/** Of a FLAC frame, carried on byte by byte. */
export const nextCheck16 = (sum: number, byte: number): number => ((sum << 8) & 0xffff) ^ table16[(sum >> 8) ^ byte]!;

/** Of an Ogg page, carried on byte by byte. */
export const nextCheck32 = (sum: number, byte: number): number => ((sum << 8) ^ table32[(sum >>> 24) ^ byte]!) >>> 0;

/** The table of a cyclic redundancy check, most significant bit first. */
function checkTable(polynomial: number, width: 8 | 16 | 32): Uint32Array {
  const top = 2 ** (width - 1);
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte * 2 ** (width - 8);
    for (let bit = 0; bit < 8; bit += 1) {
      const shifted = (value * 2) % 2 ** width;
      value = value >= top ? (shifted ^ polynomial) >>> 0 : shifted;
    }
    return value;
  });
}
