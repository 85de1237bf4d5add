import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { extname, join } from 'node:path';

/** An image and what it says, where that is known. */
export interface ImageFile {
  readonly path: string;
  /** Its path below the folder that it was found in. */
  readonly name: string;
  readonly expected: string | undefined;
}

const imageExtensions = new Set(['.jpg', '.jpeg', '.png', '.webp', '.tif', '.tiff', '.gif', '.avif']);
const expectedEndings = ['.txt', '.gold.txt'];

/** The images in a folder and those below it, with `<name>.txt` or `<name>.gold.txt` beside each as its text. */
export function findImages(folder: string): ImageFile[] {
  if (!existsSync(folder)) throw new Error(`There is no folder ${folder}.`);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => imageExtensions.has(extname(name).toLowerCase()))
    .toSorted()
    .map((name) => ({ path: join(folder, name), name, expected: expectedText(join(folder, name)) }));
}

function expectedText(imagePath: string): string | undefined {
  const stem = imagePath.slice(0, -extname(imagePath).length);
  const path = expectedEndings.map((ending) => stem + ending).find((candidate) => existsSync(candidate));
  return path === undefined ? undefined : readFileSync(path, 'utf8');
}
