/** A decoded image: 8-bit sRGB, rows from the top, red, green and blue interleaved, `3 * width * height` bytes. */
export interface RgbImage {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}
