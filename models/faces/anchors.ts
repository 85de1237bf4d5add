/** Where on the network's input a candidate is looked for, as shares of its side. */
export interface Anchor {
  readonly x: number;
  readonly y: number;
}

/** MediaPipe's grids, cells a side and anchors a cell; every anchor is as large as the input. */
const fineGrid = { cells: 16, anchorsPerCell: 2 };
const coarseGrid = { cells: 8, anchorsPerCell: 6 };

/** The anchors of a grid row by row, those of a cell one after the other, as the network writes its outputs. */
export const gridAnchors = ({ cells, anchorsPerCell }: typeof fineGrid): Anchor[] =>
  Array.from({ length: cells * cells * anchorsPerCell }, (_, index) => {
    const cell = Math.floor(index / anchorsPerCell);
    return { x: ((cell % cells) + 0.5) / cells, y: (Math.floor(cell / cells) + 0.5) / cells };
  });

/** 512 anchors. */
export const fineAnchors = gridAnchors(fineGrid);
/** 384 anchors. */
export const coarseAnchors = gridAnchors(coarseGrid);
