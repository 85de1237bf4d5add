/**
 * Lays pixels with transparency on a plain background and returns RGB (`3 * n` bytes). The background contrasts with
 * what is drawn: black under bright content, white otherwise, so that white text on transparency stays legible.
 *
 * @param pixels `channels * n` bytes: red, green, blue and alpha (not premultiplied) first; further channels are ignored. They
 * are overwritten: the result lies in the same memory, since two copies of a large image may not fit.
 */
export function flattenAlpha(pixels: Uint8Array, channels: number): Uint8Array {
  const background = isBright(pixels, channels) ? 0 : 255;
  let to = 0;
  for (let from = 0; from < pixels.length; from += channels, to += 3) {
    const alpha = pixels[from + 3]!;
    const under = background * (255 - alpha);
    for (let channel = 0; channel < 3; channel += 1) {
      const value = pixels[from + channel]!;
      pixels[to + channel] = alpha === 255 ? value : Math.round((value * alpha + under) / 255);
    }
  }
  return pixels.subarray(0, to);
}

/** Whether the mean luma (ITU-R BT.601), weighted by opacity, lies above mid grey. */
function isBright(pixels: Uint8Array, channels: number): boolean {
  // Thousandths in whole numbers: exact up to 2^53, which is more than 10^11 pixels.
  let luma = 0;
  let weight = 0;
  for (let index = 0; index < pixels.length; index += channels) {
    const alpha = pixels[index + 3]!;
    luma += alpha * (299 * pixels[index]! + 587 * pixels[index + 1]! + 114 * pixels[index + 2]!);
    weight += alpha;
  }
  return luma > 127_500 * weight;
}

/**
 * Takes pixels apart into RGB (`3 * n` bytes) and alpha (`n` bytes, 255 is opaque).
 *
 * @param pixels as for `flattenAlpha`; the colours returned lie in the same memory.
 */
export function separateAlpha(pixels: Uint8Array, channels: number): { colours: Uint8Array; alpha: Uint8Array } {
  const alpha = new Uint8Array(pixels.length / channels);
  for (let pixel = 0, from = 0, to = 0; pixel < alpha.length; pixel += 1, from += channels, to += 3) {
    alpha[pixel] = pixels[from + 3]!;
    pixels.copyWithin(to, from, from + 3);
  }
  return { colours: pixels.subarray(0, 3 * alpha.length), alpha };
}
