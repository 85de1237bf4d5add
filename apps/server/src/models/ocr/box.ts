/** An upright rectangle in pixels from the top left corner; `right` and `bottom` lie outside it. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Top left, top right, bottom right and bottom left corner. */
export const cornersOf = ({ left, top, right, bottom }: Box): { x: number; y: number }[] => [
  { x: left, y: top },
  { x: right, y: top },
  { x: right, y: bottom },
  { x: left, y: bottom },
];
