/** A position in pixels of the upright original. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export type Box = Point & Size;

/** A picture is enlarged at most this much, … */
const maxEnlargement = 2;
/** … but its longer side may always be this long, in CSS pixels: an icon would be too small to see. */
const minLongerSide = 160;

/** How wide a picture is shown at most, in CSS pixels, whatever the room there is. */
export const maxShownWidth = ({ width, height }: Size): number =>
  width * Math.max(maxEnlargement, minLongerSide / Math.max(width, height));

/** The corners of a polygon as SVG writes them. */
export const pointsOf = (polygon: readonly Point[]): string => polygon.map(({ x, y }) => `${x},${y}`).join(' ');

/** Polygons as one path: one element, however many they are. */
export const pathOf = (polygons: readonly (readonly Point[])[]): string =>
  polygons.map((polygon) => `M${polygon.map(({ x, y }) => `${x} ${y}`).join('L')}Z`).join('');

/** The upright rectangle around a picture that is turned by so many degrees. */
export function turnedSize({ width, height }: Size, degrees: number): Size {
  const radians = (degrees * Math.PI) / 180;
  const [across, along] = [Math.abs(Math.cos(radians)), Math.abs(Math.sin(radians))];
  return { width: width * across + height * along, height: width * along + height * across };
}

/** Where a picture lies, in percent of a square that shows one box of it. */
export function cropOf(box: Box, picture: Size): { left: number; top: number; width: number; height: number } {
  // The square is as large as the longer side, so that nothing is distorted.
  const side = Math.max(box.width, box.height, 1);
  const left = box.x - (side - box.width) / 2;
  const top = box.y - (side - box.height) / 2;
  const percent = (length: number): number => (100 * length) / side;
  return {
    left: percent(-left),
    top: percent(-top),
    width: percent(picture.width),
    height: percent(picture.height),
  };
}

/** A name beside a box and the point that it names; `at` is the end of the name that is next to the box. */
export interface Callout {
  readonly name: string;
  readonly point: Point;
  readonly at: Point;
  readonly side: 'left' | 'right';
}

/** How high the lines of a text are, on average: the distance of their first corner from their last. */
export function lineHeightOf(polygons: readonly (readonly Point[])[]): number {
  const heights = polygons.map((polygon) => {
    const [first, last] = [polygon[0], polygon.at(-1)];
    return first && last ? Math.hypot(first.x - last.x, first.y - last.y) : 0;
  });
  return mean(heights);
}

/** How the names beside a box are set, in the unit of the box. */
export interface CalloutStyle {
  /** Between the box and the names. */
  readonly gap: number;
  /** From one name to the next, at least. */
  readonly lineHeight: number;
  /** What the widest name takes. */
  readonly width: number;
  /** The room to the left and to the right of the picture. */
  readonly margin: number;
}

/** Places the names of points in a column on each side of a box, none over another, all in the room there is where they fit. */
export function placeCallouts(
  points: readonly (Point & { readonly name: string })[],
  box: Box,
  picture: Size,
  style: CalloutStyle,
): Callout[] {
  const byX = [...points].sort((a, b) => a.x - b.x);
  const half = Math.ceil(byX.length / 2);
  const { gap, width, margin } = style;
  const left = Math.max(box.x - gap, width - margin);
  const right = Math.min(box.x + box.width + gap, picture.width + margin - width);
  const column = (some: typeof byX, side: Callout['side'], x: number): Callout[] => {
    const ordered = [...some].sort((a, b) => a.y - b.y);
    const heights = spread(
      ordered.map(({ y }) => y),
      style.lineHeight,
      picture.height,
    );
    return ordered.map(({ name, ...point }, index) => ({ name, point, at: { x, y: heights[index]! }, side }));
  };
  return [...column(byX.slice(0, half), 'left', left), ...column(byX.slice(half), 'right', right)];
}

/** Moves ascending positions apart until each is `distance` from the next, and into 0 … `end` where they fit. */
export function spread(positions: readonly number[], distance: number, end: number): number[] {
  const margin = distance / 2;
  const moved: number[] = [];
  for (const position of positions) moved.push(Math.max(position, (moved.at(-1) ?? margin - distance) + distance));
  for (let index = moved.length - 1; index >= 0; index--) {
    const limit = index === moved.length - 1 ? end - margin : moved[index + 1]! - distance;
    moved[index] = Math.min(moved[index]!, limit);
  }
  // All were pushed the same way; around their own middle they are nearer to where they belong.
  const shift = mean(positions) - mean(moved);
  const room = { up: (moved[0] ?? 0) - margin, down: end - margin - (moved.at(-1) ?? 0) };
  return moved.map((position) => position + Math.min(Math.max(shift, -Math.max(room.up, 0)), Math.max(room.down, 0)));
}

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
