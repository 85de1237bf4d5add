import type { RgbImage } from '@portico/media';

/** The distance between characters lies within these shares of the column's width. */
const pitchRange = { from: 0.55, to: 1.5 };
/** A cut moves up to this share of the distance to where there is least ink. */
const play = 0.3;

/**
 * Sets characters that stand one below the other side by side, so that they can be read as a line.
 *
 * @param column The column turned a quarter to the left: it runs rightwards, its characters lie on their backs.
 * @returns An image as high as the column and about as wide.
 */
export function unstack(column: RgbImage): RgbImage {
  const cuts = cutsBetween(inkByPosition(column), column.height);
  const cells = cuts.slice(1).map((end, index) => ({ start: cuts[index]!, end }));
  const side = column.height;
  const width = cells.length * side;
  const data = new Uint8Array(3 * side * width);
  for (const [index, { start, end }] of cells.entries()) {
    for (let y = 0; y < side; y += 1) {
      // Down in the cell is right in the column, and left in the cell is its lower edge.
      const from = Math.min(column.width - 1, start + Math.floor(((y + 0.5) * (end - start)) / side));
      for (let x = 0; x < side; x += 1) {
        const source = 3 * ((side - 1 - x) * column.width + from);
        data.set(column.data.subarray(source, source + 3), 3 * (y * width + index * side + x));
      }
    }
  }
  return { data, width, height: side };
}

/** How much the brightness varies across the column at each position along it. */
function inkByPosition({ data, width, height }: RgbImage): Float64Array {
  const ink = new Float64Array(width);
  for (let x = 0; x < width; x += 1) {
    for (let y = 1; y < height; y += 1) {
      const at = 3 * (y * width + x) + 1;
      ink[x]! += Math.abs(data[at]! - data[at - 3 * width]!);
    }
  }
  return ink;
}

function cutsBetween(ink: Float64Array, side: number): number[] {
  const pitch = pitchOf(ink, side);
  const count = Math.max(1, Math.round(ink.length / pitch));
  const step = ink.length / count;
  const cuts = [0];
  for (let cut = 1; cut < count; cut += 1) {
    const middle = Math.round(cut * step);
    const reach = Math.floor(play * step);
    let best = middle;
    for (let at = middle - reach; at <= middle + reach; at += 1) if (ink[at]! < ink[best]!) best = at;
    cuts.push(best);
  }
  return [...cuts, ink.length];
}

/** The distance at which the ink looks most like itself. */
function pitchOf(ink: Float64Array, side: number): number {
  const mean = ink.reduce((sum, value) => sum + value, 0) / ink.length;
  let best = { pitch: side, likeness: 0 };
  const most = Math.min(Math.floor(pitchRange.to * side), ink.length - 1);
  for (let pitch = Math.floor(pitchRange.from * side); pitch <= most; pitch += 1) {
    let likeness = 0;
    for (let at = pitch; at < ink.length; at += 1) likeness += (ink[at]! - mean) * (ink[at - pitch]! - mean);
    likeness /= ink.length - pitch;
    if (likeness > best.likeness) best = { pitch, likeness };
  }
  return best.pitch;
}
