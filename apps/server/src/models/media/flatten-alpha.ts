/**
 * Lays pixels with transparency on a plain background and answers RGB (`3 * n` bytes). The background contrasts with
 * what is drawn: black under bright content, white otherwise, so that white text on transparency stays legible.
 *
 * @param pixels `channels * n` bytes: red, green, blue and alpha (not premultiplied) first, what follows is ignored.
 */
export function flattenAlpha(pixels: Uint8Array, channels: number): Uint8Array {
  const background = isBright(pixels, channels) ? 0 : 255;
  const rgb = new Uint8Array((pixels.length / channels) * 3);
  for (let from = 0, to = 0; from < pixels.length; from += channels, to += 3) {
    const alpha = pixels[from + 3]!;
    for (let channel = 0; channel < 3; channel += 1) {
      const value = pixels[from + channel]!;
      rgb[to + channel] = alpha === 255 ? value : Math.round((value * alpha + background * (255 - alpha)) / 255);
    }
  }
  return rgb;
}

/** Whether the mean luma (ITU-R BT.601), weighted by opacity, lies above mid grey. */
function isBright(pixels: Uint8Array, channels: number): boolean {
  let luma = 0;
  let weight = 0;
  for (let index = 0; index < pixels.length; index += channels) {
    const alpha = pixels[index + 3]!;
    luma += alpha * (0.299 * pixels[index]! + 0.587 * pixels[index + 1]! + 0.114 * pixels[index + 2]!);
    weight += alpha;
  }
  return luma > 127.5 * weight;
}
