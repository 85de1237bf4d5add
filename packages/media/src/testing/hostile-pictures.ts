import { crc32, deflateSync } from 'node:zlib';
import { sharp } from '../image/sharp.ts';

/** A file that no camera and no program wrote: small to send, and costly to whoever believes it. */
export interface HostileFile {
  readonly name: string;
  readonly data: Uint8Array;
  readonly mediaType: string;
}

type Make = (bytes: number) => Uint8Array | Promise<Uint8Array>;

/** Kinds of hostile pictures; each is made as large as `bytes` where its cost grows with its length. */
const kinds: Readonly<Record<string, readonly [mediaType: string, make: Make]>> = {
  'GIF of many frames': ['image/gif', (bytes) => gifOfFrames(Math.floor((bytes - 40) / 15))],
  'GIF of large frames': ['image/gif', async (bytes) => repeatedGif(await blank(4_000, 4_000).gif().toBuffer(), bytes)],
  'GIF of many comments': ['image/gif', (bytes) => gifOfComments(bytes)],
  'WebP of many frames': ['image/webp', webpOfFrames],
  'TIFF of many pages': ['image/tiff', (bytes) => tiffOfPages(Math.floor(bytes / 128))],
  'TIFF whose pages are a circle': ['image/tiff', () => tiffOfPages(100, 8)],
  'TIFF of one huge strip': ['image/tiff', () => tiffOf({ width: 7_000, height: 7_000, rowsPerStrip: 7_000 })],
  'TIFF of one huge tile': ['image/tiff', () => tiffOf({ width: 16, height: 16, tile: 65_520 })],
  'TIFF of narrow tiles': ['image/tiff', () => tiffOf({ width: 7_000, height: 7_000, tile: 16 })],
  'TIFF of a strip for each row': ['image/tiff', () => tiffOf({ width: 7_000, height: 7_000, rowsPerStrip: 1 })],
  'TIFF with a tag of 4 GiB': ['image/tiff', () => tiffOf({ width: 16, height: 16, rowsPerStrip: 16, hugeTag: true })],
  'PNG with a bomb of text': ['image/png', (bytes) => pngWith('zTXt', [text('Comment\0\0'), bomb(bytes)])],
  'PNG with a bomb of UTF-8': ['image/png', (bytes) => pngWith('iTXt', [text('Comment\0\u0001\0\0\0'), bomb(bytes)])],
  'PNG with a bomb of a profile': ['image/png', (bytes) => pngWith('iCCP', [text('ICC\0\0'), bomb(bytes)])],
  'PNG of many texts': ['image/png', (bytes) => pngOfTexts(Math.floor(bytes / 24))],
  'PNG of empty data chunks': ['image/png', (bytes) => pngOfEmptyData(Math.floor(bytes / 12))],
  'PNG one pixel wide': ['image/png', () => pngOf(1, 49_000_000)],
  'PNG one pixel high': ['image/png', () => pngOf(49_000_000, 1)],
  'PNG seven pixels wide': ['image/png', () => pngOf(7, 7_000_000)],
  'PNG of 40 000 × 40': ['image/png', () => pngOf(40_000, 40)],
  'PNG of 20 × 60 000': ['image/png', () => pngOf(20, 60_000)],
  'PNG of 49 megapixels, 16 bits': ['image/png', () => pngOf(7_000, 7_000, { bits: 16, colour: 6 })],
  'PNG of a billion pixels': ['image/png', () => pngHead(2 ** 31 - 1, 2 ** 31 - 1)],
  'PNG whose data goes on': ['image/png', () => pngOf(100, 100, { rows: 1_000_000 })],
  'interlaced PNG of 49 megapixels': ['image/png', () => pngOf(7_000, 7_000, { interlace: true })],
  'progressive JPEG of many scans': ['image/jpeg', jpegOfScans],
  'JPEG of many markers': ['image/jpeg', async (bytes) => jpegWith(Buffer.from([0xff, 0xe5, 0, 2]), bytes)],
  'JPEG of profiles': [
    'image/jpeg',
    async (bytes) => jpegWith(segment(0xe2, text('ICC_PROFILE\0\u0001\u00ff')), bytes),
  ],
  'JPEG of restarts': ['image/jpeg', async (bytes) => jpegOfRestarts(bytes)],
  'JPEG one pixel high': ['image/jpeg', () => blank(65_500, 1).jpeg().toBuffer()],
  'CMYK JPEG': ['image/jpeg', () => blank(1_000, 1_000).toColourspace('cmyk').jpeg().toBuffer()],
  'WebP of 16 383 × 3 000, lossless': [
    'image/webp',
    () => blank(16_383, 3_000).webp({ lossless: true, effort: 0 }).toBuffer(),
  ],
  'AVIF of 16 megapixels by its head': ['image/avif', avifOfSize],
  'AVIF of many tiles': ['image/avif', avifOfTiles],
};

/** Names of the kinds of hostile pictures. */
export const hostilePictureNames = Object.keys(kinds);

/** One of `hostilePictureNames`, of at most about so many bytes. */
export async function hostilePicture(name: string, bytes: number): Promise<HostileFile> {
  const kind = kinds[name];
  if (kind === undefined) throw new TypeError(`There is no hostile picture "${name}".`);
  return { name, mediaType: kind[0], data: await kind[1](bytes) };
}

const text = (characters: string): Buffer => Buffer.from(characters, 'latin1');
const blank = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#888' }, limitInputPixels: false });

/** About `bytes` of zlib data that become a thousand times as many. */
function bomb(bytes: number): Buffer {
  const piece = deflateSync(Buffer.alloc(1024 * 1024), { level: 9 });
  return deflateSync(Buffer.alloc(Math.min(256, Math.floor(bytes / piece.length)) * 1024 * 1024), { level: 9 });
}

function gifOfFrames(frames: number): Buffer {
  const head = Buffer.concat([text('GIF89a'), Buffer.from([64, 0, 64, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255])]);
  // An image of one pixel: its place and size, and its code in two bytes.
  const frame = Buffer.from([0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0]);
  return Buffer.concat([head, Buffer.alloc(frame.length * frames, frame), Buffer.of(0x3b)]);
}

function repeatedGif(gif: Buffer, bytes: number): Buffer {
  const tableBytes = 3 * 2 ** ((gif[10]! & 7) + 1);
  const frame = gif.subarray(13 + tableBytes, -1);
  const times = Math.max(2, Math.floor(bytes / frame.length));
  return Buffer.concat([gif.subarray(0, 13 + tableBytes), Buffer.alloc(frame.length * times, frame), Buffer.of(0x3b)]);
}

function gifOfComments(bytes: number): Buffer {
  const gif = gifOfFrames(1);
  const comment = Buffer.from([0x21, 0xfe, 1, 0x20, 0]);
  return Buffer.concat([
    gif.subarray(0, 19),
    Buffer.alloc(bytes - (bytes % comment.length), comment),
    gif.subarray(19),
  ]);
}

function riff(name: string, body: Uint8Array): Buffer {
  const head = Buffer.alloc(8);
  head.write(name, 'latin1');
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
}

async function webpOfFrames(bytes: number): Promise<Buffer> {
  const still = await blank(1, 1).webp({ lossless: true }).toBuffer();
  const frame = riff('ANMF', Buffer.concat([Buffer.alloc(16), still.subarray(12)]));
  const extended = Buffer.from([2, 0, 0, 0, 63, 0, 0, 63, 0, 0]);
  const frames = Buffer.alloc(frame.length * Math.floor(bytes / frame.length), frame);
  return riff('RIFF', Buffer.concat([text('WEBP'), riff('VP8X', extended), riff('ANIM', Buffer.alloc(6)), frames]));
}

/** Entries of a TIFF directory: tag, type (3 is 16 bits, 4 is 32), count, value. */
type Entry = readonly [tag: number, type: 3 | 4, count: number, value: number];

function directory(entries: readonly Entry[], next: number): Buffer {
  const bytes = Buffer.alloc(2 + 12 * entries.length + 4);
  bytes.writeUInt16LE(entries.length);
  for (const [index, [tag, type, count, value]] of entries.entries()) {
    const at = 2 + 12 * index;
    bytes.writeUInt16LE(tag, at);
    bytes.writeUInt16LE(type, at + 2);
    bytes.writeUInt32LE(count, at + 4);
    bytes.writeUInt32LE(value, at + 8);
  }
  bytes.writeUInt32LE(next, bytes.length - 4);
  return bytes;
}

const greyEntries = (width: number, height: number): Entry[] => [
  [256, 4, 1, width],
  [257, 4, 1, height],
  [258, 3, 1, 8],
  [259, 3, 1, 1],
  [262, 3, 1, 1],
];
const tiffHead = (first: number): Buffer => {
  const head = Buffer.from('II*\0\0\0\0\0', 'latin1');
  head.writeUInt32LE(first, 4);
  return head;
};

/** Pages of one pixel, one behind another; the last is followed by what lies at `last`. */
function tiffOfPages(pages: number, last = 0): Buffer {
  const entries: Entry[] = [...greyEntries(1, 1), [273, 4, 1, 0], [277, 3, 1, 1], [278, 4, 1, 1], [279, 4, 1, 1]];
  const length = directory(entries, 0).length;
  const all = Array.from({ length: pages }, (_, page) =>
    directory(entries, page + 1 < pages ? 8 + length * (page + 1) : last),
  );
  return Buffer.concat([tiffHead(8), ...all]);
}

interface TiffLayout {
  readonly width: number;
  readonly height: number;
  readonly rowsPerStrip?: number;
  /** Side of the square tiles. */
  readonly tile?: number;
  readonly hugeTag?: boolean;
}

/** A compressed picture, all of whose strips or tiles are the same bytes of the file. */
function tiffOf({ width, height, rowsPerStrip = 1, tile, hugeTag = false }: TiffLayout): Buffer {
  const pieceBytes = tile === undefined ? width * rowsPerStrip : Math.min(tile * tile, 64e6);
  const piece = deflateSync(Buffer.alloc(pieceBytes, 128), { level: 1 });
  const pieces =
    tile === undefined ? Math.ceil(height / rowsPerStrip) : Math.ceil(width / tile) * Math.ceil(height / tile);
  const [offsetsAt, lengthsAt] = [8 + piece.length, 8 + piece.length + 4 * pieces];
  const table = (value: number): Buffer => {
    const bytes = Buffer.alloc(4 * pieces);
    for (let at = 0; at < pieces; at += 1) bytes.writeUInt32LE(value, 4 * at);
    return bytes;
  };
  const [offsets, lengths] = pieces === 1 ? [8, piece.length] : [offsetsAt, lengthsAt];
  const layout: Entry[] =
    tile === undefined
      ? [
          [273, 4, pieces, offsets],
          [277, 3, 1, 1],
          [278, 4, 1, rowsPerStrip],
          [279, 4, pieces, lengths],
        ]
      : [
          [277, 3, 1, 1],
          [322, 4, 1, tile],
          [323, 4, 1, tile],
          [324, 4, pieces, offsets],
          [325, 4, pieces, lengths],
        ];
  const entries = [...greyEntries(width, height), ...layout].map((entry): Entry =>
    entry[0] === 259 ? [259, 3, 1, 8] : entry,
  );
  if (hugeTag) entries.push([37_724, 4, 2 ** 30 - 1, 8]);
  return Buffer.concat([tiffHead(lengthsAt + 4 * pieces), piece, table(8), table(piece.length), directory(entries, 0)]);
}

function chunk(name: string, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat([text(name), ...parts]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length - 4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

interface PngKind {
  readonly bits?: number;
  /** 0 grey, 6 colour with transparency. */
  readonly colour?: 0 | 6;
  readonly interlace?: boolean;
  /** Rows of the data, where they are not those of the head. */
  readonly rows?: number;
}

function pngHead(width: number, height: number, { bits = 8, colour = 0, interlace = false }: PngKind = {}): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width);
  head.writeUInt32BE(height, 4);
  head.set([bits, colour, 0, 0, interlace ? 1 : 0], 8);
  return Buffer.concat([text('\u0089PNG\r\n\u001a\n'), chunk('IHDR', head)]);
}

/** All of one colour; filters and passes do not show. */
function pngOf(width: number, height: number, kind: PngKind = {}): Buffer {
  const { bits = 8, colour = 0, interlace = false, rows = height } = kind;
  const sampleBytes = ((colour === 6 ? 4 : 1) * bits) / 8;
  // The seven passes hold as many pixels, in at most twice as many rows.
  const bytes = rows * (width * sampleBytes + (interlace ? 2 : 1));
  const data = deflateSync(Buffer.alloc(bytes), { level: 1 });
  return Buffer.concat([pngHead(width, height, kind), chunk('IDAT', data), chunk('IEND')]);
}

/** Chunks between the head of a small PNG and its data. */
function pngAround(chunks: Uint8Array): Buffer {
  const png = pngOf(16, 16);
  return Buffer.concat([png.subarray(0, 33), chunks, png.subarray(33)]);
}

const pngWith = (name: string, parts: readonly Uint8Array[]): Buffer => pngAround(chunk(name, ...parts));

function pngOfTexts(count: number): Buffer {
  const comment = chunk('tEXt', text('Comment\0....'));
  return pngAround(Buffer.alloc(comment.length * count, comment));
}

function pngOfEmptyData(count: number): Buffer {
  const empty = chunk('IDAT');
  return pngAround(Buffer.alloc(empty.length * count, empty));
}

const segment = (marker: number, body: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from([0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 255]), body]);

/** One more scan for a picture of four megapixels, again and again: each goes over all coefficients of its colour. */
async function jpegOfScans(bytes: number): Promise<Buffer> {
  const jpeg = await blank(2_000, 2_000).jpeg({ progressive: true }).toBuffer();
  const scanAt = jpeg.indexOf(Buffer.from([0xff, 0xda, 0, 8, 1, 2]));
  const table = Buffer.from([0xff, 0xc4]);
  const scan = Buffer.from(jpeg.subarray(jpeg.lastIndexOf(table, scanAt), jpeg.indexOf(table, scanAt)));
  // All bits of the coefficients 1 to 63 at once: what a scan may say at any time.
  scan.set([1, 63, 0], scan.indexOf(Buffer.from([0xff, 0xda])) + 7);
  const scans = Buffer.alloc(scan.length * Math.max(0, Math.floor((bytes - jpeg.length) / scan.length)), scan);
  return Buffer.concat([jpeg.subarray(0, -2), scans, jpeg.subarray(-2)]);
}

async function jpegWith(marker: Buffer, bytes: number): Promise<Buffer> {
  const jpeg = await blank(64, 64).jpeg().toBuffer();
  return Buffer.concat([jpeg.subarray(0, 2), Buffer.alloc(bytes - (bytes % marker.length), marker), jpeg.subarray(2)]);
}

async function jpegOfRestarts(bytes: number): Promise<Buffer> {
  const jpeg = await blank(7_000, 7_000).jpeg().toBuffer();
  const scanAt = jpeg.lastIndexOf(Buffer.from([0xff, 0xda]));
  const restarts = Buffer.alloc(bytes - (bytes % 2), Buffer.from([0xff, 0xd0]));
  return Buffer.concat([jpeg.subarray(0, scanAt), segment(0xdd, Buffer.of(0, 1)), jpeg.subarray(scanAt, -2), restarts]);
}

/** A small picture that says of itself that it is large. */
async function avifOfSize(): Promise<Buffer> {
  const avif = await blank(64, 64).avif().toBuffer();
  const at = avif.indexOf('ispe');
  avif.writeUInt32BE(4_000, at + 8);
  avif.writeUInt32BE(4_000, at + 12);
  return avif;
}

function box(name: string, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([uint32(body.length + 8), text(name), body]);
}
const uint16 = (value: number): Buffer => Buffer.of(value >> 8, value & 255);
function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** A small grid, two hundred times the same tile of four megapixels: 35 s of decoding in less than a kilobyte. */
async function avifOfTiles(): Promise<Buffer> {
  const [side, columns] = [2_024, 200];
  const tile = await blank(side, side).avif({ effort: 0 }).toBuffer();
  const boxOf = (name: string): Buffer => {
    const at = tile.indexOf(name) - 4;
    return tile.subarray(at, at + tile.readUInt32BE(at));
  };
  const [tileData, gridData] = [
    boxOf('mdat').subarray(8),
    Buffer.concat([Buffer.of(0, 0, 0, columns - 1), uint16(side), uint16(side)]),
  ];
  const item = (id: number, type: string): Buffer =>
    box('infe', uint32(2 << 24), uint16(id), uint16(0), text(`${type}\0`));
  const location = (id: number, at: number, length: number): Buffer =>
    Buffer.concat([uint16(id), uint16(0), uint16(1), uint32(at), uint32(length)]);
  const headFor = (dataAt: number): Buffer =>
    Buffer.concat([
      box('ftyp', text('avif\0\0\0\0avifmif1miaf')),
      box(
        'meta',
        uint32(0),
        box('hdlr', uint32(0), uint32(0), text('pict'), Buffer.alloc(13)),
        box('pitm', uint32(0), uint16(2)),
        box(
          'iloc',
          uint32(0),
          Buffer.of(0x44, 0),
          uint16(2),
          location(1, dataAt, tileData.length),
          location(2, dataAt + tileData.length, gridData.length),
        ),
        box('iinf', uint32(0), uint16(2), item(1, 'av01'), item(2, 'grid')),
        box('iref', uint32(0), box('dimg', uint16(2), uint16(columns), Buffer.alloc(2 * columns, uint16(1)))),
        box(
          'iprp',
          box('ipco', boxOf('ispe'), boxOf('pixi'), boxOf('av1C')),
          box('ipma', uint32(0), uint32(2), uint16(1), Buffer.of(3, 1, 2, 0x83), uint16(2), Buffer.of(2, 1, 2)),
        ),
      ),
    ]);
  const head = headFor(0);
  return Buffer.concat([headFor(head.length + 8), box('mdat', tileData, gridData)]);
}
