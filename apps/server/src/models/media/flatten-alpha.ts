/**
 * Lays RGBA pixels (`4 * n` bytes, not premultiplied) on a plain background and answers RGB (`3 * n` bytes).
 * The background contrasts with what is drawn: black under bright content, white otherwise, so that white text
 * on transparency stays legible.
 */
export function flattenAlpha(rgba: Uint8Array): Uint8Array {
  const background = isBright(rgba) ? 0 : 255;
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    const alpha = rgba[from + 3]!;
    for (let channel = 0; channel < 3; channel += 1) {
      const value = rgba[from + channel]!;
      rgb[to + channel] = alpha === 255 ? value : Math.round((value * alpha + background * (255 - alpha)) / 255);
    }
  }
  return rgb;
}

/** Whether the mean luma (ITU-R BT.601), weighted by opacity, lies above mid grey. */
function isBright(rgba: Uint8Array): boolean {
  let luma = 0;
  let weight = 0;
  for (let index = 0; index < rgba.length; index += 4) {
    const alpha = rgba[index + 3]!;
    luma += alpha * (0.299 * rgba[index]! + 0.587 * rgba[index + 1]! + 0.114 * rgba[index + 2]!);
    weight += alpha;
  }
  return luma > 127.5 * weight;
}
