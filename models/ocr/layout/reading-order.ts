import { rotated } from '../geometry/quad.ts';
import { range } from '../geometry/statistics.ts';
import { sections } from './columns.ts';
import { mainDirection, type Outline, outlinesOf, type PlacedText, quarterOf, thickness } from './outlines.ts';
import { paragraphsOf } from './paragraphs.ts';
import { apartPiece, joinFragments, levelPiece } from './pieces.ts';
import { rowsOf } from './rows.ts';
import { straightening } from './straighten.ts';

/** A page as a person reads it. */
export interface Layout<Line> {
  /** All lines in reading order. */
  readonly lines: readonly Line[];
  /**
   * Their text: fragments of one row joined by a space (none between Chinese or Japanese characters), rows by a line
   * break, paragraphs and columns by an empty line.
   */
  readonly text: string;
}

/** Lines in reading order, as places in the input, and their text. */
interface Reading {
  readonly order: readonly number[];
  readonly text: string;
}

/** An outline with the upright box around it. */
interface Box {
  readonly outline: Outline;
  readonly reach: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** In thicknesses: columns of vertical text, and characters in one, are closer. */
const maxGap = 1.5;

/**
 * Lays out the lines of a page. `angle` is by how many degrees the page must be turned clockwise for its text to be
 * upright; corners are finite and in the unturned page. The order of the input and the units of the corners do not
 * matter.
 */
export function layOut<Line extends PlacedText>(lines: readonly Line[], angle: number): Layout<Line> {
  const { order, text } = read(outlinesOf(lines, angle));
  return { lines: order.map((index) => lines[index]!), text };
}

/**
 * Reads lines in the direction of most of them. Blocks of other directions are set apart: each is read by itself, and
 * takes its place in the page as one piece.
 */
function read(outlines: readonly Outline[]): Reading {
  const direction = mainDirection(outlines);
  const upright = outlines.map((outline) => ({ ...outline, corners: rotated(outline.corners, -direction) }));
  const level = upright.filter((outline) => quarterOf(outline) === 0);
  const straighten = straightening(level);
  const pieces = joinFragments(level.map((outline) => levelPiece(outline, straighten)));
  const apart = blocksApart(upright.filter((outline) => quarterOf(outline) !== 0)).map((block) =>
    apartPiece(block, read(block), straighten),
  );
  const paragraphs = sections([...pieces, ...apart]).flatMap((section) => paragraphsOf(rowsOf(section)));
  return {
    order: paragraphs.flat().flatMap((row) => row.pieces.flatMap((piece) => piece.order)),
    text: paragraphs
      .map((rows) => rows.flatMap(({ text }) => (text === '' ? [] : [text])).join('\n'))
      .filter((text) => text !== '')
      .join('\n\n'),
  };
}

/** Groups lines of other directions into blocks of neighbours that are read alike. */
function blocksApart(outlines: readonly Outline[]): Outline[][] {
  return [1, 2, 3].flatMap((quarter) => {
    const boxes = outlines.filter((outline) => quarterOf(outline) === quarter).map(boxOf);
    return clusters(boxes).map((cluster) => cluster.map(({ outline }) => outline));
  });
}

function boxOf(outline: Outline): Box {
  const [left, right] = range(outline.corners.map(({ x }) => x));
  const [top, bottom] = range(outline.corners.map(({ y }) => y));
  return { outline, reach: maxGap * thickness(outline), left, right, top, bottom };
}

function clusters(boxes: readonly Box[]): Box[][] {
  const left = new Set(boxes);
  return boxes.flatMap((first) => {
    if (!left.delete(first)) return [];
    const cluster = [first];
    // The cluster grows while its members find neighbours.
    for (const box of cluster) {
      for (const other of left) {
        if (areNeighbours(box, other) && left.delete(other)) cluster.push(other);
      }
    }
    return [cluster];
  });
}

function areNeighbours(a: Box, b: Box): boolean {
  const reach = Math.max(a.reach, b.reach);
  return (
    Math.max(a.left, b.left) - Math.min(a.right, b.right) <= reach &&
    Math.max(a.top, b.top) - Math.min(a.bottom, b.bottom) <= reach
  );
}
