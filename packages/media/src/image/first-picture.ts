import { asciiAt } from '../ascii.ts';

/** Parts of a file in which a second page is looked for: files of programs have a handful before it. */
const maxSearched = 1_000;

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

/**
 * Whether a GIF, WebP, PNG or TIFF has more frames or pages than the first, which is all that `decodeImage` reads. Thumbnails and masks
 * in a TIFF are no pages.
 */
export function hasMorePages(file: Uint8Array): boolean {
  const head = asciiAt(file, 0, 4);
  if (head === 'GIF8') return hasMoreFramesOfGif(file, gifFrame(file));
  if (head === 'RIFF' && asciiAt(file, 8, 4) === 'WEBP') return hasMoreFramesOfWebp(file);
  if (head === '\u0089PNG') return isAnimatedPng(file);
  return tiffHeads.has(head) && hasMorePagesOfTiff(file);
}

/** https://www.w3.org/Graphics/GIF/spec-gif89a.txt */
function firstFrameOfGif(file: Uint8Array): Uint8Array {
  const { frameAt, end } = gifFrame(file);
  if (end === undefined) return file.subarray(0, frameAt);
  return end >= file.length ? file : Buffer.concat([file.subarray(0, end), Uint8Array.of(0x3b)]);
}

interface GifFrame {
  readonly frameAt: number;
  /** Undefined where there is no frame. */
  readonly end: number | undefined;
}

/** The first frame, behind the extensions before it. */
function gifFrame(file: Uint8Array): GifFrame {
  const tableBytes = (flags = 0): number => ((flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1));
  let at = 13 + tableBytes(file[10]);
  while (file[at] === 0x21) at = endOfBlocks(file, at + 2);
  return { frameAt: at, end: file[at] === 0x2c ? endOfBlocks(file, at + 11 + tableBytes(file[at + 9])) : undefined };
}

/** Where a chain of blocks of up to 255 bytes ends, an empty one being its last. */
function endOfBlocks(file: Uint8Array, start: number): number {
  let at = start;
  while (at < file.length && file[at] !== 0) at += 1 + file[at]!;
  return at + 1;
}

function hasMoreFramesOfGif(file: Uint8Array, { end }: GifFrame): boolean {
  if (end === undefined) return false;
  let at = end;
  for (let extensions = 0; extensions < maxSearched && file[at] === 0x21; extensions += 1)
    at = endOfBlocks(file, at + 2);
  return file[at] === 0x2c;
}

/** The chunks that a decoder looks at, beside the frames. */
const keptChunks = new Set(['VP8X', 'ICCP', 'ANIM', 'EXIF']);

interface WebpChunk {
  readonly name: string;
  readonly at: number;
  readonly end: number;
}

/** https://developers.google.com/speed/webp/docs/riff_container */
function* webpChunks(file: Uint8Array): Generator<WebpChunk> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  for (let at = 12; at + 8 <= file.length;) {
    const size = view.getUint32(at + 4, true);
    const end = at + 8 + size + (size % 2);
    yield { name: asciiAt(file, at, 4), at, end };
    at = end;
  }
}

const isAnimatedWebp = (file: Uint8Array): boolean => asciiAt(file, 12, 4) === 'VP8X' && (file[20]! & 2) !== 0;

function firstFrameOfWebp(file: Uint8Array): Uint8Array {
  if (!isAnimatedWebp(file)) return file;
  const kept = new Map<string, Uint8Array>();
  for (const { name, at, end } of webpChunks(file)) {
    if ((name === 'ANMF' || keptChunks.has(name)) && !kept.has(name)) kept.set(name, file.subarray(at, end));
  }
  const head = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1');
  head.writeUInt32LE(
    [...kept.values()].reduce((bytes, { length }) => bytes + length, 4),
    4,
  );
  return Buffer.concat([head, ...kept.values()]);
}

function hasMoreFramesOfWebp(file: Uint8Array): boolean {
  if (!isAnimatedWebp(file)) return false;
  let frames = 0;
  for (const { name } of webpChunks(file)) {
    if (name === 'ANMF') frames += 1;
    if (frames > 1) return true;
  }
  return false;
}

/** Third edition of the specification, 11.3.5: `acTL` comes before the data, with the number of frames. */
function isAnimatedPng(file: Uint8Array): boolean {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  for (let at = 8, chunks = 0; at + 12 <= file.length && chunks < maxSearched; chunks += 1) {
    const name = asciiAt(file, at + 4, 4);
    if (name === 'acTL') return view.getUint32(at + 8) > 1;
    if (name === 'IDAT') return false;
    at += 12 + view.getUint32(at);
  }
  return false;
}

/** The same bytes in either order, with offsets of 32 or 64 bits. */
const tiffHeads = new Set(['II*\0', 'MM\0*', 'II+\0', 'MM\0+']);
/** NewSubfileType, the first tag of a directory that has it. */
const subfileType = 254;
/** A smaller version of another page, or a mask. */
const noPage = 1 | 4;

interface TiffDirectory {
  /** Where the offset of the next one is, and how long it is. */
  readonly nextAt: number;
  readonly offsetBytes: number;
  /** 0 behind the last. */
  readonly next: number;
  readonly isPage: boolean;
}

/** TIFF 6.0, section 2: a directory is a page, and ends with the offset of the next. None where the file breaks off. */
function* tiffDirectories(file: Uint8Array): Generator<TiffDirectory> {
  const littleEndian = file[0] === 0x49;
  const isBig = file[littleEndian ? 2 : 3] === 0x2b;
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const offsetAt = (at: number): number =>
    isBig ? Number(view.getBigUint64(at, littleEndian)) : view.getUint32(at, littleEndian);
  const [countBytes, entryBytes, offsetBytes] = isBig ? [8, 20, 8] : [2, 12, 4];
  if (file.length < 16) return;
  for (let at = offsetAt(isBig ? 8 : 4); at !== 0 && at + countBytes <= file.length;) {
    const entries = isBig ? offsetAt(at) : view.getUint16(at, littleEndian);
    const nextAt = at + countBytes + entryBytes * entries;
    if (nextAt + offsetBytes > file.length) return;
    const first = at + countBytes;
    const hasKind = entries > 0 && view.getUint16(first, littleEndian) === subfileType;
    const kind = hasKind ? view.getUint32(first + entryBytes - offsetBytes, littleEndian) : 0;
    const next = offsetAt(nextAt);
    yield { nextAt, offsetBytes, next, isPage: (kind & noPage) === 0 };
    at = next;
  }
}

function firstPageOfTiff(file: Uint8Array): Uint8Array {
  const { value: first } = tiffDirectories(file).next();
  if (first === undefined || first.next === 0) return file;
  return Buffer.from(file).fill(0, first.nextAt, first.nextAt + first.offsetBytes);
}

function hasMorePagesOfTiff(file: Uint8Array): boolean {
  let directories = 0;
  for (const { isPage } of tiffDirectories(file)) {
    directories += 1;
    if (directories > 1 && isPage) return true;
    if (directories === maxSearched) return false;
  }
  return false;
}
