import { draw, type Picture } from '../drawing/picture.ts';
import type { Sheet } from '../drawing/sheet.ts';
import type { Encoding, Sample } from '../sample.ts';

type Effect = (picture: Picture) => Picture | Promise<Picture>;

/** The sheet as it is, or with effects, one after the other. */
export const ofSheet = (
  name: string,
  sheet: Sheet,
  encoding: Encoding = 'png',
  effects: readonly Effect[] = [],
): Sample => ({
  name,
  lines: sheet.lines,
  encoding,
  picture: async () => {
    let picture = await draw(sheet);
    for (const effect of effects) picture = await effect(picture);
    return picture;
  },
});
