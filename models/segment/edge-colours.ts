import type { RgbImage } from '@portico/media/image';
import { boxMean, mapPlane, type Plane, type Reach, StretchedPlane } from './planes.ts';

/** With less of a side in the window its mean colour is made of rounding. */
const minWeight = 1e-4;

/** The colours on either side of the mask's edge around each pixel: red, green and blue, 0 to 255. */
export interface EdgeColours {
  readonly person: readonly Plane[];
  readonly background: readonly Plane[];
}

/** Weighted by the mask and by what it leaves: the mean colour of person and of background in the window. */
export function edgeColours(image: RgbImage, mask: Plane, reach: Reach): EdgeColours {
  const rest = mapPlane(mask, (index) => 1 - mask.values[index]!);
  const meansBy = (weight: Plane): Plane[] => {
    const total = boxMean(weight, reach).values;
    return [0, 1, 2].map((channel) => {
      const colour = (index: number): number => image.data[3 * index + channel]!;
      const sum = boxMean(
        mapPlane(mask, (index) => colour(index) * weight.values[index]!),
        reach,
      ).values;
      return mapPlane(mask, (index) => (total[index]! > minWeight ? sum[index]! / total[index]! : colour(index)));
    });
  };
  return { person: meansBy(mask), background: meansBy(rest) };
}

/**
 * Takes the background's colour out of pixels that are partly person, and all colour out of those that are not: what was
 * behind is not to shine through on another background, nor to be read out of the file. Overwrites the image's pixels.
 * Forte: Approximate Fast Foreground Colour Estimation, 2021, https://arxiv.org/abs/2006.14970
 */
export function cleanEdges(image: RgbImage, mask: Uint8Array, colours: EdgeColours): void {
  const { data, width, height } = image;
  const sides = [0, 1, 2].map((channel) => ({
    person: new StretchedPlane(colours.person[channel]!, image),
    background: new StretchedPlane(colours.background[channel]!, image),
  }));
  for (let row = 0; row < height; row += 1) {
    const alphas = mask.subarray(row * width, (row + 1) * width);
    if (alphas.every((alpha) => alpha === 255)) continue;
    const partly = alphas.some((alpha) => alpha > 0 && alpha < 255);
    for (const [channel, { person, background }] of sides.entries()) {
      const start = 3 * row * width + channel;
      const persons = partly ? person.row(row) : undefined;
      const backgrounds = partly ? background.row(row) : undefined;
      for (let column = 0, at = start; column < width; column += 1, at += 3) {
        const alpha = alphas[column]!;
        if (alpha === 255) continue;
        if (alpha === 0) data[at] = 0;
        else data[at] = personColour(data[at]!, alpha / 255, persons![column]!, backgrounds![column]!);
      }
    }
  }
}

/** The person's mean colour, corrected by what it and the background's do not explain of the pixel. */
const personColour = (seen: number, share: number, person: number, background: number): number =>
  Math.min(Math.max(Math.round(person + share * (seen - share * person - (1 - share) * background)), 0), 255);
