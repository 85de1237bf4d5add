/** Reads the text of an encoded image. */
export type TextReader = (image: { readonly data: Uint8Array; readonly mediaType: string }) => Promise<string>;
