import type { TaskOutput } from '@portico/sdk';
import { useEffect, useState } from 'react';
import { isPicture } from '../../picture/picture-url.ts';

type Output = TaskOutput<'segment'>;

/** What the picture of a result shows. */
export type Kind = 'mask' | 'cutout';

/** How large the copy is in which the people are measured, in pixels on each side. */
const measuredSide = 96;

/** The picture of a result, ready to be shown and saved. */
export interface Segmentation {
  readonly kind: Kind;
  readonly blob: Blob;
  /** Of the blob; revoked when another result takes its place. */
  readonly url: string;
  /** How much of the picture people cover, 0 to 1. */
  readonly coverage: number;
}

/** Decodes the picture of a result; until that is done, the result before it stays. */
export function useSegmentation(output: Output | undefined, kind: Kind): Segmentation | undefined {
  const [shown, setShown] = useState<Segmentation>();
  useEffect(() => {
    if (output === undefined) return undefined;
    let replaced = false;
    const show = async (): Promise<void> => {
      // A server must not have a browser fetch anything else.
      if (!isPicture(output.image)) throw new Error('The image of the output is not a data URL of a picture.');
      const blob = await (await fetch(output.image)).blob();
      const coverage = await measure(blob, kind);
      if (!replaced) setShown({ kind, blob, url: URL.createObjectURL(blob), coverage });
    };
    show().catch((error: unknown) =>
      // Thrown where the page catches what goes wrong in a view.
      setShown(() => {
        throw error;
      }),
    );
    return () => {
      replaced = true;
    };
  }, [output, kind]);
  useEffect(
    () => () => {
      if (shown !== undefined) URL.revokeObjectURL(shown.url);
    },
    [shown],
  );
  return output && shown;
}

async function measure(blob: Blob, kind: Kind): Promise<number> {
  const small = await createImageBitmap(blob, {
    resizeWidth: measuredSide,
    resizeHeight: measuredSide,
    resizeQuality: 'medium',
  });
  const context = new OffscreenCanvas(measuredSide, measuredSide).getContext('2d')!;
  context.drawImage(small, 0, 0);
  small.close();
  return coverageOf(context.getImageData(0, 0, measuredSide, measuredSide).data, kind);
}

/** How much of a picture is a person, from its pixels: red, green, blue and alpha of each. */
export function coverageOf(pixels: ArrayLike<number>, kind: Kind): number {
  const channel = kind === 'mask' ? 0 : 3;
  let sum = 0;
  for (let index = channel; index < pixels.length; index += 4) sum += pixels[index]!;
  return sum / 255 / (pixels.length / 4);
}
