import { asciiAt } from '../ascii.ts';

/**
 * Cuts a GIF, WebP or TIFF down to its first frame or page. libvips goes over all of them to count them, in a WebP once for each:
 * 400 000 frames take minutes. Other files, and those that are too damaged to find the frame in, are returned as they are.
 */
export function firstPicture(file: Uint8Array): Uint8Array {
  const head = asciiAt(file, 0, 4);
  if (head === 'GIF8') return firstFrameOfGif(file);
  if (head === 'RIFF' && asciiAt(file, 8, 4) === 'WEBP') return firstFrameOfWebp(file);
  if (tiffHeads.has(head)) return firstPageOfTiff(file);
  return file;
}

/** https://www.w3.org/Graphics/GIF/spec-gif89a.txt */
function firstFrameOfGif(file: Uint8Array): Uint8Array {
  const tableBytes = (flags = 0): number => ((flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1));
  let at = 13 + tableBytes(file[10]);
  while (file[at] === 0x21) at = endOfBlocks(file, at + 2);
  if (file[at] !== 0x2c) return file.subarray(0, at);
  const end = endOfBlocks(file, at + 11 + tableBytes(file[at + 9]));
  return end >= file.length ? file : Buffer.concat([file.subarray(0, end), Uint8Array.of(0x3b)]);
}

/** Where a chain of blocks of up to 255 bytes ends, an empty one being its last. */
function endOfBlocks(file: Uint8Array, start: number): number {
  let at = start;
  while (at < file.length && file[at] !== 0) at += 1 + file[at]!;
  return at + 1;
}

/** The chunks that a decoder looks at, beside the frames. */
const webpChunks = new Set(['VP8X', 'ICCP', 'ANIM', 'EXIF']);

/** https://developers.google.com/speed/webp/docs/riff_container */
function firstFrameOfWebp(file: Uint8Array): Uint8Array {
  if (asciiAt(file, 12, 4) !== 'VP8X' || (file[20]! & 2) === 0) return file;
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const kept = new Map<string, Uint8Array>();
  for (let at = 12; at + 8 <= file.length;) {
    const name = asciiAt(file, at, 4);
    const size = view.getUint32(at + 4, true);
    const end = at + 8 + size + (size % 2);
    if ((name === 'ANMF' || webpChunks.has(name)) && !kept.has(name)) kept.set(name, file.subarray(at, end));
    at = end;
  }
  const head = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1');
  head.writeUInt32LE(
    [...kept.values()].reduce((bytes, { length }) => bytes + length, 4),
    4,
  );
  return Buffer.concat([head, ...kept.values()]);
}

/** The same bytes in either order, with offsets of 32 or 64 bits. */
const tiffHeads = new Set(['II*\0', 'MM\0*', 'II+\0', 'MM\0+']);

/** TIFF 6.0, section 2: a directory is a page, and ends with the offset of the next. */
function firstPageOfTiff(file: Uint8Array): Uint8Array {
  const littleEndian = file[0] === 0x49;
  const isBig = file[littleEndian ? 2 : 3] === 0x2b;
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const offsetAt = (at: number): number =>
    isBig ? Number(view.getBigUint64(at, littleEndian)) : view.getUint32(at, littleEndian);
  const [countBytes, entryBytes, offsetBytes] = isBig ? [8, 20, 8] : [2, 12, 4];
  if (file.length < 16) return file;
  const directory = offsetAt(isBig ? 8 : 4);
  if (directory + countBytes > file.length) return file;
  const entries = isBig ? offsetAt(directory) : view.getUint16(directory, littleEndian);
  const nextAt = directory + countBytes + entryBytes * entries;
  if (nextAt + offsetBytes > file.length || offsetAt(nextAt) === 0) return file;
  return Buffer.from(file).fill(0, nextAt, nextAt + offsetBytes);
}
