export interface TiffPage {
  readonly width: number;
  readonly height: number;
  /** TIFF 6.0, tag 262: 0 min-is-white, 1 min-is-black, 2 RGB, 3 palette, 5 CMYK. */
  readonly photometric: number;
  readonly bitsPerSample: readonly number[];
  /** Tag 339: 1 unsigned, 2 signed, 3 floating point. */
  readonly sampleFormat?: number;
  /** Tag 338: 1 premultiplied alpha, 2 alpha. */
  readonly extraSamples?: number;
  readonly colourMap?: readonly number[];
  /** Little-endian samples in rows. */
  readonly pixels: Uint8Array;
}

/** An uncompressed TIFF of one strip, for kinds that sharp does not write. */
export function tiffFile(page: TiffPage): Buffer {
  const { bitsPerSample, sampleFormat, extraSamples, colourMap, pixels } = page;
  const entries: readonly (readonly [number, readonly number[]])[] = [
    [256, [page.width]],
    [257, [page.height]],
    [258, bitsPerSample],
    [259, [1]],
    [262, [page.photometric]],
    [273, [8]],
    [277, [bitsPerSample.length]],
    [278, [page.height]],
    [279, [pixels.length]],
    ...(colourMap ? ([[320, colourMap]] as const) : []),
    ...(extraSamples ? ([[338, [extraSamples]]] as const) : []),
    ...(sampleFormat ? ([[339, bitsPerSample.map(() => sampleFormat)]] as const) : []),
  ];
  const directoryAt = 8 + pixels.length + (pixels.length % 2);
  const valuesAt = directoryAt + 2 + 12 * entries.length + 4;
  const file = Buffer.alloc(valuesAt + 2 * entries.reduce((count, [, values]) => count + values.length, 0));
  file.write('II*\0', 0, 'latin1');
  file.writeUInt32LE(directoryAt, 4);
  file.set(pixels, 8);
  file.writeUInt16LE(entries.length, directoryAt);
  let end = valuesAt;
  for (const [index, [tag, values]] of entries.entries()) {
    const at = directoryAt + 2 + 12 * index;
    file.writeUInt16LE(tag, at);
    file.writeUInt16LE(3, at + 2);
    file.writeUInt32LE(values.length, at + 4);
    if (values.length > 2) file.writeUInt32LE(end, at + 8);
    const to = values.length > 2 ? end : at + 8;
    for (const [position, value] of values.entries()) file.writeUInt16LE(value, to + 2 * position);
    if (values.length > 2) end += 2 * values.length;
  }
  return file;
}
