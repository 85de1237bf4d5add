import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { open } from './drawing/picture.ts';
import type { Sample } from './sample.ts';

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
