import { sharp } from '@portico/media';

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** From where to where there is ink in an image of one line, in pixels; gaps narrower than `minGap` do not count. */
export async function inkSpans(image: Uint8Array, minGap: number): Promise<Span[]> {
  const { data, info } = await sharp(image).greyscale().raw().toBuffer({ resolveWithObject: true });
  const spans: { from: number; to: number }[] = [];
  for (let x = 0; x < info.width; x += 1) {
    let dark = false;
    for (let y = 0; y < info.height; y += 1) dark ||= data[(y * info.width + x) * info.channels]! < 128;
    if (!dark) continue;
    const last = spans.at(-1);
    if (last !== undefined && x - last.to < minGap) last.to = x + 1;
    else spans.push({ from: x, to: x + 1 });
  }
  return spans;
}
