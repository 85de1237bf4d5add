/** How well one image was read. */
export interface Score {
  readonly category: string;
  readonly name: string;
  readonly characterErrorRate: number;
  readonly wordErrorRate: number;
  readonly wordRecall: number;
  readonly milliseconds: number;
  readonly expected: string;
  readonly actual: string;
}

/** Means over images, each counting the same. */
export interface Means {
  readonly images: number;
  readonly characterErrorRate: number;
  readonly wordErrorRate: number;
  readonly wordRecall: number;
  readonly milliseconds: number;
}
