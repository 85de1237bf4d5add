/** The bytes of a file in any of the forms that programs hold them in. `Buffer` is a `Uint8Array`, `File` a `Blob`. */
export type FileBytes = Blob | Uint8Array | ArrayBuffer;

/**
 * A file, or where to get it: bytes; a web or Node stream of bytes, which is read to its end before it is sent; a data URL;
 * in Node a path or a `file:` URL.
 */
export type FileData = FileBytes | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array> | string | URL;

/** A file with what its bytes alone do not say. */
export interface NamedFile {
  readonly data: FileData;
  /**
   * Its media type: `image/png`.
   * @default the type of `data` where that is a `Blob` or a data URL; otherwise the server looks at the first bytes
   */
  readonly mediaType?: string | undefined;
  /**
   * A file name for the server's logs.
   * @default the name of `data` where that is a `File` or a path
   */
  readonly name?: string | undefined;
}

/** What a file task takes. */
export type FileInput = FileData | NamedFile;
