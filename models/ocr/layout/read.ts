import { blocksApart } from './blocks-apart.ts';
import { mainDirection, quarterOf } from './direction.ts';
import { joinFragments } from './fragments.ts';
import type { Outline } from './outline.ts';
import { paragraphsOf } from './paragraphs.ts';
import { apartPiece, levelPiece } from './piece.ts';
import { turnedBy } from './corners.ts';
import { rowsOf } from './row.ts';
import { sections } from './sections.ts';
import { straightening } from './straighten.ts';

/** Lines as a person reads them. */
export interface Reading {
  /** Places in the input. */
  readonly order: readonly number[];
  readonly text: string;
}

/** Reads lines in the direction of most of them; blocks of other directions are read by themselves, as one piece. */
export function read(outlines: readonly Outline[]): Reading {
  const direction = mainDirection(outlines);
  const upright = outlines.map((outline) => ({ ...outline, corners: turnedBy(outline.corners, -direction) }));
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
