import type { Device } from '@portico/schemas';

/** What a run of the network costs, in tokens with padding. */
export interface RunCost {
  /** Tokens of the largest run; a text that is longer by itself has a run of its own. */
  readonly budget: number;
  /** What a run costs beside its tokens. */
  readonly overhead: number;
}

/**
 * On a CPU core larger runs than 512 tokens do not fit its cache: MiniLM reads 4 600 tokens a second in runs of 200 to 500 tokens,
 * 4 200 in runs of 1 500 and 3 100 in runs of 8 000, and 3 000 in runs of 12 for what each run costs beside. Not measured on GPUs,
 * which want far larger runs.
 */
export const runCost = (device: Device): RunCost =>
  device === 'cpu' ? { budget: 512, overhead: 8 } : { budget: 16_384, overhead: 256 };
