import { sharp } from '@portico/media';
import { renderText } from './render-text.ts';

/** A PNG of Chinese in columns, the first of them on the right, characters of so many pixels one below the other. */
export async function renderColumns(columns: readonly string[], size: number): Promise<Buffer> {
  const pitch = Math.round(1.15 * size);
  const between = 2 * size;
  const longest = Math.max(...columns.map((column) => column.length));
  const [width, height] = [columns.length * between + 2 * size, longest * pitch + 4 * size];
  const characters = columns.flatMap((column, index) =>
    Array.from(column, async (character, row) => ({
      input: await sharp(await renderText(character, { size, font: 'chinese' }))
        .trim()
        .toBuffer({ resolveWithObject: true }),
      middle: width - size - (index + 0.5) * between,
      top: 2 * size + row * pitch,
    })),
  );
  const placed = (await Promise.all(characters)).map(({ input: { data, info }, middle, top }) => ({
    input: data,
    left: Math.round(middle - info.width / 2),
    top: Math.round(top + (pitch - info.height) / 2),
  }));
  return sharp({ create: { width, height, channels: 3, background: 'white' } })
    .composite(placed)
    .png()
    .toBuffer();
}
