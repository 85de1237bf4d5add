import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, extname, join, resolve, sep } from 'node:path';
import type { KnownImage } from './known-image.ts';
import { mediaTypes } from './media-types.ts';
import { UnusableInput } from './unusable-input.ts';

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
