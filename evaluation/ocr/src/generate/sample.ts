import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { draw, open, type Picture } from './drawing/picture.ts';
import type { Sheet } from './drawing/sheet.ts';

/** How a picture is written: without loss, or as a JPEG of this quality, 1 to 100. */
export type Encoding = 'png' | number;

/** One image of the set before it is drawn. */
export interface Sample {
  /** Of the file, without its ending. */
  readonly name: string;
  /** The text in reading order. */
  readonly lines: readonly string[];
  readonly encoding: Encoding;
  readonly picture: () => Promise<Picture>;
}

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

/** Draws an image into a folder, with its text beside it. */
export async function writeSample(folder: string, { name, lines, encoding, picture }: Sample): Promise<void> {
  const image = open(await picture());
  const [ending, encoded] =
    encoding === 'png'
      ? ['png', image.png({ palette: true, colours: 64, dither: 0, compressionLevel: 9 })]
      : ['jpg', image.jpeg({ quality: encoding, chromaSubsampling: '4:2:0', mozjpeg: true })];
  writeFileSync(join(folder, `${name}.${ending}`), await encoded.toBuffer());
  writeFileSync(join(folder, `${name}.txt`), `${lines.join('\n')}\n`);
}
