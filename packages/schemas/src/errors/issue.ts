/** One thing wrong with the parameters. */
export interface Issue {
  /** Where: `params.minConfidence`; empty for the whole. */
  readonly path: string;
  readonly message: string;
}
