import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, extname, join, resolve, sep } from 'node:path';
import { z } from 'zod';

/** Media types by the ending of a file's name, in lower case. */
const mediaTypes: Readonly<Record<string, string>> = {
  '.avif': 'image/avif',
  '.gif': 'image/gif',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.png': 'image/png',
  '.tif': 'image/tiff',
  '.tiff': 'image/tiff',
  '.webp': 'image/webp',
};

/** The folder with the images of this package, from the sources as from what they are compiled to. */
export const committedSet = join(import.meta.dirname, '../set');

const boundsSchema = z.record(z.string(), z.number().min(0));

/** The given folder or arguments cannot be evaluated; the message says what to change. */
export class UnusableInput extends Error {
  override readonly name = 'UnusableInput';
}

/** The largest mean character error rate that a category may have. */
export type Bounds = Readonly<Record<string, number>>;

/** An image whose text is known. */
export interface KnownImage {
  readonly category: string;
  /** The path below the folder, with forward slashes. */
  readonly name: string;
  readonly path: string;
  readonly mediaType: string;
  readonly expected: string;
}

/**
 * The images in a folder and its sub-folders, by name. The category of an image is the sub-folder it lies in, or the
 * folder itself.
 * @throws UnusableInput for no folder, a folder without images, or an image without a text of the same base name.
 */
export function readSet(folder: string): readonly KnownImage[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UnusableInput(`${folder} is not a folder.`);
  }
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const images = files.filter((file) => mediaTypes[ending(file)] !== undefined);
  if (images.length === 0) {
    throw new UnusableInput(`${folder} has no images (${Object.keys(mediaTypes).join(', ')}).`);
  }
  return images.map((file) => knownImage(folder, file));
}

function knownImage(folder: string, file: string): KnownImage {
  const path = join(folder, file);
  const textPath = join(folder, `${file.slice(0, -ending(file).length)}.txt`);
  if (!existsSync(textPath)) throw new UnusableInput(`${path} has no text beside it: ${textPath} is missing.`);
  const parts = file.split(sep);
  return {
    category: parts.length === 1 ? basename(resolve(folder)) : parts[0]!,
    name: parts.join('/'),
    path,
    mediaType: mediaTypes[ending(file)]!,
    expected: readFileSync(textPath, 'utf8'),
  };
}

const ending = (file: string): string => extname(file).toLowerCase();

/** @throws UnusableInput where the folder has no `bounds.json` of categories and numbers. */
export function readBounds(folder: string): Bounds {
  const path = join(folder, 'bounds.json');
  if (!existsSync(path)) throw new UnusableInput(`--bounds needs ${path}, which is missing.`);
  try {
    return boundsSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    throw new UnusableInput(`${path} must be a JSON object of categories and numbers from 0.`, { cause });
  }
}
