const endOfImage = Uint8Array.of(0xff, 0xd9);

/** Whether libvips missed the end of a JPEG: its last marker, and perhaps data before it. */
export const missesEndOfImage = (error: unknown): boolean =>
  error instanceof Error && error.message.includes('premature end of JPEG');

/** The JPEG with the end that its writer left out. Whether data is missing too, the decoder warns of then. */
export const withEndOfImage = (file: Uint8Array): Uint8Array => Buffer.concat([file, endOfImage]);
