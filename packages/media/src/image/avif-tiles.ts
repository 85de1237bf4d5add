import { asciiAt } from '../ascii.ts';

/** A box of ISO/IEC 14496-12: its name and what is in it. */
interface Box {
  readonly name: string;
  readonly body: DataView;
}

/**
 * Pixels that a decoder goes through for an AVIF that is put together from tiles (ISO/IEC 23008-12, sections 6.6 and 9.3): a tile
 * that is named two hundred times is decoded two hundred times, however small the picture. 0 for any other file; one that is damaged
 * may have more, which its decoder refuses.
 */
export function tilePixels(file: Uint8Array): number {
  if (asciiAt(file, 4, 4) !== 'ftyp') return 0;
  const whole = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const meta = find(boxesIn(whole, 0), 'meta');
  if (meta === undefined) return 0;
  const [references, properties] = [find(boxesIn(meta, 4), 'iref'), find(boxesIn(meta, 4), 'iprp')];
  if (references === undefined || properties === undefined) return 0;
  try {
    const pixelsOf = itemPixels(properties);
    return tilesOf(references).reduce((pixels, item) => pixels + (pixelsOf.get(item) ?? 0), 0);
  } catch (error) {
    // It breaks off within a table.
    if (error instanceof RangeError) return 0;
    throw error;
  }
}

/** The boxes of a view from a place on; a size of 1 says that 64 bits follow, one of 0 that it goes on to the end. */
function* boxesIn(view: DataView, start: number): Generator<Box> {
  for (let at = start; at + 8 <= view.byteLength;) {
    const left = view.byteLength - at;
    const declared = view.getUint32(at);
    const isWide = declared === 1 && left >= 16;
    const size = declared === 0 ? left : isWide ? Number(view.getBigUint64(at + 8)) : declared;
    const headLength = isWide ? 16 : 8;
    if (size < headLength) break;
    const name = asciiAt(new Uint8Array(view.buffer, view.byteOffset + at, 8), 4, 4);
    const length = Math.min(size, left) - headLength;
    yield { name, body: new DataView(view.buffer, view.byteOffset + at + headLength, length) };
    at += size;
  }
}

function find(boxes: Iterable<Box>, name: string): DataView | undefined {
  for (const box of boxes) if (box.name === name) return box.body;
  return undefined;
}

/** The items that others are put together from, as often as they are named. */
function tilesOf(references: DataView): number[] {
  const wide = references.getUint8(0) > 0;
  const idAt = (view: DataView, at: number): number => (wide ? view.getUint32(at) : view.getUint16(at));
  const idBytes = wide ? 4 : 2;
  const tiles: number[] = [];
  for (const { name, body } of boxesIn(references, 4)) {
    if (name !== 'dimg') continue;
    const count = body.getUint16(idBytes);
    for (let index = 0; index < count; index += 1) tiles.push(idAt(body, idBytes + 2 + index * idBytes));
  }
  return tiles;
}

/** Pixels of each item by its id: its size is one of the properties that the container lists, and other tables say whose it is. */
function itemPixels(properties: DataView): Map<number, number> {
  const container = find(boxesIn(properties, 0), 'ipco');
  const sizes = Array.from(container === undefined ? [] : boxesIn(container, 0), ({ name, body }) =>
    name === 'ispe' ? body.getUint32(4) * body.getUint32(8) : 0,
  );
  const pixelsOf = new Map<number, number>();
  for (const { name, body } of boxesIn(properties, 0)) {
    if (name !== 'ipma') continue;
    for (const [item, index] of associations(body))
      pixelsOf.set(item, Math.max(pixelsOf.get(item) ?? 0, sizes[index - 1] ?? 0));
  }
  return pixelsOf;
}

/** Items and their properties, which count from 1. */
function* associations(table: DataView): Generator<[item: number, index: number]> {
  const hasWideIds = table.getUint8(0) > 0;
  const hasWideIndices = (table.getUint8(3) & 1) === 1;
  const items = table.getUint32(4);
  let at = 8;
  for (let read = 0; read < items; read += 1) {
    const item = hasWideIds ? table.getUint32(at) : table.getUint16(at);
    at += hasWideIds ? 4 : 2;
    const count = table.getUint8(at);
    at += 1;
    for (let each = 0; each < count; each += 1) {
      // The highest bit says that the property is essential.
      yield [item, hasWideIndices ? table.getUint16(at) & 0x7fff : table.getUint8(at) & 0x7f];
      at += hasWideIndices ? 2 : 1;
    }
  }
}
