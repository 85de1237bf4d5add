/** An image whose text is known. */
export interface KnownImage {
  readonly category: string;
  /** The path below the folder, with forward slashes. */
  readonly name: string;
  readonly path: string;
  readonly mediaType: string;
  readonly expected: string;
}
